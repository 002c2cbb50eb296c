"""However many pages are open, or senders by gRPC connected, others are served or told why not."""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import grpc
import psutil
import pytest
from websockets.sync.client import connect

from labsite.http.daphne_bounds import MAX_PAGES, Flow
from labsite.http.grpc_front import MAX_CONNECTIONS
from tests.support.ports import free_ports
from tests.support.service_process import ServiceProcess
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.timeout(120)

BATCHES, RECORDS, TEXT_BYTES = 20, 500, 4_000
EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}


@pytest.fixture(scope="module")
def grpc_port() -> int:
    return free_ports(1)[0]


@pytest.fixture(scope="module")
def observer(tmp_path_factory: pytest.TempPathFactory, grpc_port: int) -> Iterator[ServiceProcess]:
    directory = tmp_path_factory.mktemp("observer")
    with ServiceProcess("observer", directory, LAB_PORT_OTLP_GRPC=str(grpc_port)) as started:
        yield started


def handshake(
    observer: ServiceProcess, pages: ExitStack, *, query: str = ""
) -> tuple[socket.socket, bytes]:
    """Ask for a WebSocket; return its connection and the answer's beginning."""
    opened = pages.enter_context(socket.create_connection(("127.0.0.1", observer.port), timeout=30))
    lines = [f"{name}: {value}" for name, value in {"Host": "localhost", **HANDSHAKE}.items()]
    opened.sendall("\r\n".join([f"GET /ws/live{query} HTTP/1.1", *lines, "", ""]).encode())
    return opened, opened.recv(65_536)


@pytest.mark.long
def test_one_page_too_many_is_refused_and_served_when_another_has_gone(
    observer: ServiceProcess,
) -> None:
    with ExitStack() as pages:
        opened = [handshake(observer, pages) for _ in range(MAX_PAGES)]
        assert {answer.split(b"\r\n")[0] for _, answer in opened} == {
            b"HTTP/1.1 101 Switching Protocols"
        }
        refused = observer.call("GET", "/ws/live", headers=HANDSHAKE)
        assert refused.status_code == 503
        assert int(refused.headers["Retry-After"]) > 0
        assert f"{MAX_PAGES} pages are open already" in refused.json()["error"]
        assert observer.call("GET", "/healthz").ok
        opened[0][0].close()
        eventually(lambda: b" 101 " in handshake(observer, pages)[1])
        assert observer.call("GET", "/readyz").ok
    assert "Traceback" not in observer.log


@pytest.mark.long
def test_what_waits_for_pages_that_do_not_read_is_bounded(tmp_path: Path) -> None:
    with ServiceProcess("observer", tmp_path) as started, ExitStack() as pages:
        for _ in range(BATCHES):
            assert started.call("POST", "/v1/traces", json=batch()).json() == {}
        process = psutil.Process(started.process.pid)
        before = process.memory_info().rss
        unread = [handshake(started, pages, query="?cursor=0")[0] for _ in range(8)]
        url = f"ws://127.0.0.1:{started.port}/ws/live?cursor=0"
        with connect(url, max_size=None) as page:
            assert json.loads(page.recv(timeout=10))["type"] == "hello"
            read = 0
            while read < BATCHES * RECORDS:
                read += len(json.loads(page.recv(timeout=15)).get("spans", ()))
        grown = process.memory_info().rss - before
        # Each would hold all of it; the first frame alone is what waits, in its several forms.
        assert grown < len(unread) * BATCHES * RECORDS * TEXT_BYTES / 2, grown


def batch() -> dict[str, object]:
    """Make telemetry that does not get smaller as it is told."""
    now = str(time.time_ns())
    spans = [
        {
            "traceId": secrets.token_hex(16),
            "spanId": secrets.token_hex(8),
            "name": secrets.token_hex(TEXT_BYTES // 2),
            "startTimeUnixNano": now,
            "endTimeUnixNano": now,
        }
        for _ in range(RECORDS)
    ]
    return {"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}


@pytest.mark.long
def test_more_grpc_connections_than_may_be_keep_nobody_out(
    observer: ServiceProcess, grpc_port: int
) -> None:
    with ExitStack() as idle, grpc.insecure_channel(f"127.0.0.1:{grpc_port}") as channel:
        export: Callable[..., bytes] = channel.unary_unary(
            "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
        )
        assert export(b"", timeout=10) == b""
        for _ in range(2 * MAX_CONNECTIONS):
            connection = idle.enter_context(socket.create_connection(("127.0.0.1", grpc_port)))
            connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0")
        # The sender's own was the longest silent of all, and has been ended.
        assert export(b"", timeout=10, wait_for_ready=True) == b""
    assert observer.call("GET", "/readyz").ok


class Transport:
    """As much of Twisted's as a flow asks for."""

    def __init__(self) -> None:
        self.producer: Any = "the request's"
        self.ends: list[str] = []

    def unregisterProducer(self) -> None:  # noqa: N802 # Twisted's name
        self.producer = None

    def registerProducer(self, producer: Any, _streaming: bool) -> None:  # noqa: N802 # Twisted's name
        assert self.producer is None
        self.producer = producer

    def abortConnection(self) -> None:  # noqa: N802 # Twisted's name
        self.ends.append("aborted")
        self.producer.stopProducing()


async def test_a_page_is_sent_more_when_it_has_read_and_closed_when_it_does_not() -> None:
    transport = Transport()
    flow = Flow(transport, longest_seconds=0.05)
    await flow.has_room()
    transport.producer.pauseProducing()
    asyncio.get_running_loop().call_soon(transport.producer.resumeProducing)
    await flow.has_room()
    assert transport.ends == []
    transport.producer.pauseProducing()
    await flow.has_room()
    await flow.has_room()
    assert transport.ends == ["aborted"]
