"""However many pages are open, or senders by gRPC connected, others are served or told why not."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from typing import TYPE_CHECKING

import grpc
import pytest

from labsite.http.daphne_bounds import MAX_PAGES
from labsite.http.grpc_front import MAX_CONNECTIONS
from tests.support.ports import free_ports
from tests.support.service_process import ServiceProcess
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.long, pytest.mark.timeout(120)]

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


def handshake(observer: ServiceProcess, pages: ExitStack) -> tuple[socket.socket, bytes]:
    """Ask for a WebSocket; return its connection and the answer's beginning."""
    opened = pages.enter_context(socket.create_connection(("127.0.0.1", observer.port), timeout=30))
    lines = [f"{name}: {value}" for name, value in {"Host": "localhost", **HANDSHAKE}.items()]
    opened.sendall("\r\n".join(["GET /ws/live HTTP/1.1", *lines, "", ""]).encode())
    return opened, opened.recv(65_536)


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
