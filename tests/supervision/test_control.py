"""The control API sends each error with its status."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, cast

import pytest
import requests

from base.http.message import API_HEADERS
from supervision.control import ControlServer
from supervision.errors import StartError
from tests.supervision.test_process_faults import FakeSupervisor

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = {"X-Lab-Secret": "secret"}
CRASH = '{"id": "one", "kind": "crash"}'


@pytest.fixture
def url() -> Iterator[str]:
    """The address of a server whose one process never starts again."""
    supervisor = cast("Any", FakeSupervisor(failures=9))
    server = ControlServer(supervisor, port=0, secret="secret", hosts=["127.0.0.1"])
    server.start()
    yield f"http://127.0.0.1:{server.port}"
    server.stop()


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/moon", "", 404),
        ("POST", "/processes/worker", CRASH, 404),
        ("DELETE", "/processes", "", 404),
        ("POST", "/processes/worker/faults", "x", 400),
        ("POST", "/processes/worker/faults", "1" * 4_097, 413),
        ("POST", "/processes/worker/faults", "[" * 4_000, 400),
        ("PATCH", "/processes", "", 404),
        ("POST", "/processes/moon/faults", CRASH, 400),
        ("DELETE", "/processes/faults/unknown", "", 204),
    ],
)
def test_a_request_has_its_status(url: str, method: str, path: str, body: str, status: int) -> None:
    answer = requests.request(method, url + path, data=body, headers=SECRET, timeout=5)
    assert answer.status_code == status
    assert answer.content == b"" if status == 204 else list(answer.json()) == ["error"]


def test_a_process_that_does_not_come_up_is_an_error_of_the_server(url: str) -> None:
    faults = f"{url}/processes/worker/faults"
    assert requests.post(faults, data=CRASH, headers=SECRET, timeout=5).status_code == 201
    answer = requests.delete(f"{url}/processes/faults/one", headers=SECRET, timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (
        StartError.http_status,
        "worker did not answer",
    )


@pytest.mark.parametrize("headers", [{}, {"X-Lab-Secret": "guess"}])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_it_is_for_those_with_the_secret(url: str, method: str, headers: dict[str, str]) -> None:
    answer = requests.request(method, f"{url}/processes", headers=headers, timeout=5)
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/processes", "/healthz", "/readyz"])
def test_a_rebound_name_is_refused(url: str, path: str) -> None:
    answer = requests.get(url + path, headers={**SECRET, "Host": "evil.example"}, timeout=5)
    assert (answer.status_code, list(answer.json())) == (400, ["error"])


def test_idle_connections_keep_nobody_out(url: str) -> None:
    port = int(url.rpartition(":")[2])
    with ExitStack() as stack:
        for _ in range(300):
            stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
        assert requests.get(f"{url}/healthz", timeout=5).json()["service"] == "supervisor"
        assert requests.get(f"{url}/moon", headers=SECRET, timeout=5).status_code == 404


@pytest.mark.parametrize("path", ["/processes", "/healthz", "/moon"])
def test_every_answer_has_the_security_headers(url: str, path: str) -> None:
    answer = requests.get(url + path, timeout=5)
    assert {name: answer.headers.get(name) for name in API_HEADERS} == API_HEADERS
    assert "Server" not in answer.headers
