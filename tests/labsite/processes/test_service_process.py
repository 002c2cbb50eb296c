"""A service as a process: who may hold it up, what its answers carry, and how it ends."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import psutil
import pytest

from base.http.message import API_HEADERS
from base.process.listening import loopback_addresses
from tests.support.service_process import ServiceProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.timeout(90)


@pytest.fixture(scope="module", params=["api", "worker"])
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServiceProcess]:
    directory = tmp_path_factory.mktemp(request.param)
    with ServiceProcess(request.param, directory) as started:
        yield started


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHo"], ids=["idle", "half"])
def test_it_answers_beside_300_connections_that_say_too_little(
    service: ServiceProcess, sent: bytes
) -> None:
    with ExitStack() as stack:
        for _ in range(300):
            connection = socket.create_connection(("127.0.0.1", service.port), timeout=5)
            stack.enter_context(connection).sendall(sent)
        began = time.monotonic()
        assert service.call("GET", "/healthz").ok
        assert time.monotonic() - began < 2


def test_it_listens_on_each_loopback_address(service: ServiceProcess) -> None:
    for address in loopback_addresses("127.0.0.1"):
        with socket.create_connection((address, service.port), timeout=5) as connection:
            assert connection.getpeername()[:2] == (address, service.port)


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/healthz", {}, 200),
        ("GET", "/nowhere", {}, 404),
        ("GET", "/%ff", {}, 404),
        ("PATCH", "/healthz", {}, 200),
        ("GET", "/healthz", {"Host": "evil.example"}, 400),
        ("POST", "/orders", {"Origin": "http://evil.example"}, 403),
        ("GET", "/internal/faults", {}, 403),
        ("GET", "/healthz", {"Cookie": "a=" + "x" * 17_000}, 200),
        ("GET", "/healthz", {"Cookie": "a=" + "x" * 600_000}, 431),
    ],
)
def test_every_answer_carries_the_security_headers_and_names_no_server(
    service: ServiceProcess, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = service.call(method, path, headers=headers)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in API_HEADERS} == API_HEADERS
    assert "Server" not in answer.headers


def test_it_is_one_process_that_ends_soon_when_it_is_to(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with ServiceProcess("api", tmp_path_factory.mktemp("end")) as service:
        kept = socket.create_connection(("127.0.0.1", service.port), timeout=5)
        assert psutil.Process(service.process.pid).children() == []
        service.process.terminate()
        assert service.process.wait(5) == 0, service.log
        kept.close()
    assert "Traceback" not in service.log
