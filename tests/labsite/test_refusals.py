"""Whatever is asked of a process: every answer has the security headers, errors are JSON."""

from __future__ import annotations

import json
import re
import socket
import time
import uuid
from contextlib import ExitStack
from io import BytesIO
from types import SimpleNamespace
from typing import TYPE_CHECKING

import psutil
import pytest
from websockets.sync.client import connect

from base.http.message import API_HEADERS
from labsite.http import daphne_errors
from labsite.http.daphne_bounds import MAX_CONNECTIONS, MAX_MESSAGE_BYTES
from labsite.http.daphne_errors import MAX_BODY_BYTES, MAX_TELEMETRY_BYTES
from tests.support.service_process import SECRET, ServiceProcess
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import requests

pytestmark = pytest.mark.timeout(120)

DEEP = b"[" * 16_000
JSON = {"Content-Type": "application/json"}
NUL = json.dumps(
    {"orderId": str(uuid.UUID(int=1)), "requestId": "r", "sku": "a\0", "setBy": "\0"}
).encode()
NO_TYPE = {"Content-Type": "뒯敃뢅१".encode().decode("latin-1")}
LAB = {"X-Lab-Secret": SECRET}


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, ServiceProcess]]:
    with ExitStack() as stack:
        yield {
            service: stack.enter_context(ServiceProcess(service, tmp_path_factory.mktemp(service)))
            for service in ("observer", "api", "worker")
        }


CASES = [
    ("api", "GET", "/nowhere", {}, b"", 404),
    ("api", "GET", "/%ff%00", {}, b"", 400),
    ("api", "DELETE", "/orders", {}, b"", 405),
    ("api", "OPTIONS", "/api/docs", {}, b"", 405),
    ("api", "GET", "/internal/order-events", {}, b"", 405),
    ("api", "POST", "/orders", JSON, DEEP, 400),
    ("api", "POST", "/orders", JSON, b"[" * 100_000, 413),
    ("api", "GET", "/orders", {"Host": "evil.example"}, b"", 400),
    ("api", "GET", "/static/nothing.css", {}, b"", 404),
    ("api", "PATCH", "/internal/defences", {**JSON, **LAB}, DEEP, 400),
    ("worker", "GET", "/nowhere", {}, b"", 404),
    ("worker", "GET", "/jobs/reserve-stock", {}, b"", 405),
    ("worker", "POST", "/jobs/reserve-stock", JSON, DEEP, 400),
    ("worker", "POST", "/jobs/reserve-stock", JSON, NUL, 400),
    ("observer", "POST", "/api/faults", JSON, NUL, 400),
    ("worker", "POST", "/internal/faults", {**JSON, **LAB}, DEEP, 400),
    ("observer", "GET", "/api/nowhere", {}, b"", 404),
    ("observer", "GET", "/api/%ff", {}, b"", 404),
    ("observer", "PATCH", "/api/faults", {}, b"", 405),
    ("observer", "POST", "/api/faults", JSON, DEEP, 400),
    ("observer", "POST", "/api/faults", JSON, b"[" * 100_000, 413),
    ("observer", "POST", "/api/faults", {"Content-Type": "multipart/form-data"}, b"x", 400),
    ("observer", "PATCH", "/api/defences", JSON, DEEP[:4_000], 400),
    ("observer", "POST", "/api/import", JSON, b"[" * 100_000, 400),
    ("observer", "GET", "/api/traces", {"Host": "evil.example"}, b"", 400),
    ("observer", "POST", "/v1/traces", JSON, DEEP, 400),
    ("observer", "GET", "/api/traces?q=a%00b", {}, b"", 400),
    ("observer", "GET", "/api/traces?since=0001-01-01", {}, b"", 400),
    ("observer", "GET", f"/api/traces?since={'9' * 5_000}", {}, b"", 400),
    ("observer", "GET", f"/api/logs?limit={'9' * 5_000}", {}, b"", 400),
    ("observer", "GET", f"/api/logs?cursor={'9' * 5_000}", {}, b"", 400),
    ("api", "GET", "/orders?cursor=%00", {}, b"", 400),
    ("api", "GET", f"/orders?limit={'9' * 5_000}", {}, b"", 400),
    ("observer", "POST", "/api/faults", NO_TYPE, b"x", 400),
    ("observer", "POST", "/api/import", NO_TYPE, b"{}", 400),
    ("observer", "POST", "/v1/nowhere", JSON, b"{}", 404),
    ("observer", "GET", "/v1/traces", {"Host": "evil.example", **JSON}, b"", 403),
    ("observer", "GET", "/api/faults", {"Cookie": "a=" + "x" * 17_000}, b"", 200),
    ("observer", "GET", "/api/faults", {"Cookie": "a=" + "x" * 70_000}, b"", 431),
    ("observer", "GET", "/healthz", {f"X-{n}": "x" * 10_000 for n in range(9)}, b"", 400),
]


@pytest.mark.parametrize(("service", "method", "path", "headers", "body", "status"), CASES)
def test_a_refusal_is_json_with_the_security_headers(
    processes: Mapping[str, ServiceProcess],
    service: str,
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes,
    status: int,
) -> None:
    process = processes[service]
    before = len(process.log)
    answer = process.call(method, path, headers=headers, data=body)
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"].startswith("application/json")
    if status >= 400:
        assert {"error", "message"} & answer.json().keys()
    guarded(answer)
    assert "Traceback" not in process.log[before:]


@pytest.mark.parametrize(
    ("service", "path", "status"),
    [
        ("observer", "/", 200),
        ("observer", "/nowhere", 404),
        ("observer", "/static/nothing.js", 404),
        ("observer", "/healthz", 200),
        ("api", "/", 302),
        ("api", "/api/docs", 200),
        ("api", "/orders", 200),
        ("worker", "/stock", 200),
    ],
)
def test_every_other_answer_has_them_too(
    processes: Mapping[str, ServiceProcess], service: str, path: str, status: int
) -> None:
    answer = processes[service].call("GET", path, allow_redirects=False)
    assert answer.status_code == status
    guarded(answer)


HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}


@pytest.mark.parametrize(
    ("path", "changed", "status"),
    [
        ("/ws/live", {"Origin": "http://evil.example"}, 403),
        ("/ws/live", {"Host": "evil.example"}, 403),
        ("/ws/other", {}, 403),
        ("/api/faults", {}, 403),
        ("/ws/live", {"Sec-WebSocket-Version": "1"}, 400),
        ("/ws/live", {"Sec-WebSocket-Key": "short"}, 400),
    ],
)
def test_a_websocket_is_refused_in_json_with_the_security_headers(
    processes: Mapping[str, ServiceProcess], path: str, changed: dict[str, str], status: int
) -> None:
    answer = processes["observer"].call("GET", path, headers={**HANDSHAKE, **changed})
    assert answer.status_code == status
    assert "error" in answer.json()
    guarded(answer)


def test_a_message_that_is_too_long_closes_its_websocket_with_a_code_and_a_reason(
    processes: Mapping[str, ServiceProcess],
) -> None:
    url = f"ws://127.0.0.1:{processes['observer'].port}/ws/live"
    with connect(url) as page:
        page.send("x" * MAX_MESSAGE_BYTES)
        assert "hello" in str(page.recv(timeout=10))
        page.send("x" * (MAX_MESSAGE_BYTES + 1))
        closed = eventually(lambda: page.close_code)
    assert (closed, str(MAX_MESSAGE_BYTES) in str(page.close_reason)) == (1009, True)


def test_what_a_page_is_sent_may_be_longer(processes: Mapping[str, ServiceProcess]) -> None:
    observer = processes["observer"]
    now = str(time.time_ns())
    lines = [{"timeUnixNano": now, "body": {"stringValue": f"{n} " * 200}} for n in range(200)]
    body = {"resourceLogs": [{"scopeLogs": [{"logRecords": lines}]}]}
    with connect(f"ws://127.0.0.1:{observer.port}/ws/live", max_size=None) as page:
        assert observer.call("POST", "/v1/logs", json=body).json() == {}
        frame = ""
        while "199 199" not in frame:
            frame = str(page.recv(timeout=20))
    assert len(frame) > MAX_MESSAGE_BYTES


def test_what_speaks_http_2_is_refused_once_counted_and_shown(
    processes: Mapping[str, ServiceProcess],
) -> None:
    observer = processes["observer"]
    with socket.create_connection(("127.0.0.1", observer.port), timeout=10) as connection:
        connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0")
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1") == 1
    assert b"HTTP/2 and gRPC are not spoken" in answer
    refused = {"code": "otlp_grpc_to_http", "value": "", "count": 1}
    assert refused in observer.call("GET", "/api/telemetry").json()["refused"]
    shown = {"service": "observer", "code": "otlp_grpc_to_http", "loop": "", "error": ""}
    eventually(lambda: shown in observer.call("GET", "/api/problems").json()["problems"])


def guarded(answer: requests.Response) -> None:
    """Fail unless an answer has the security headers, and no server's name or version."""
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == API_HEADERS["Referrer-Policy"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "Server" not in answer.headers
    assert not re.search(r"(?i)daphne|twisted|uvicorn|autobahn", answer.text + str(answer.headers))


@pytest.mark.parametrize("path", ["/api/faults", "/healthz", "/lesson", "/nowhere"])
def test_a_body_that_comes_in_pieces_is_bounded_too(
    processes: Mapping[str, ServiceProcess], path: str
) -> None:
    pieces = (b"x" * 65_536 for _ in range(2 * MAX_BODY_BYTES // 65_536))
    answer = processes["observer"].call("POST", path, data=pieces, headers=JSON)
    assert answer.status_code == 413
    assert "is over" in answer.json()["error"]
    assert answer.headers.items() >= API_HEADERS.items()
    assert "Traceback" not in processes["observer"].log


def test_of_a_body_without_end_no_more_is_kept_than_shows_that_it_is_too_long() -> None:
    request = SimpleNamespace(content=BytesIO())
    for _ in range(3):
        daphne_errors._keep(request, b"x" * (MAX_TELEMETRY_BYTES // 2))
    assert request.content.tell() == MAX_TELEMETRY_BYTES + 1


@pytest.mark.long
def test_more_connections_than_may_be_keep_nobody_out(tmp_path: Path) -> None:
    with ServiceProcess("observer", tmp_path) as observer, ExitStack() as idle:
        for number in range(2 * MAX_CONNECTIONS):
            connection = idle.enter_context(socket.create_connection(("127.0.0.1", observer.port)))
            if number % 2:
                connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: ")
            if number % 64 == 0:
                assert observer.call("GET", "/healthz").ok
        held = len(psutil.Process(observer.process.pid).net_connections("tcp"))
        assert held < MAX_CONNECTIONS + 50
        assert observer.call("GET", "/readyz").ok
        assert observer.call("GET", "/").ok
        assert "Traceback" not in observer.log
