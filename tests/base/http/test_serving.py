"""Requests are answered by threads, on each address, and in progress ones when the server ends."""

from __future__ import annotations

import socket
import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest

from base.http.message import Response, json_response
from base.http.server import listen
from base.process.listening import loopback_addresses
from tests.base.http.rig import GET, HOST, ask, connect, echo, read_answer, serving

if TYPE_CHECKING:
    from base.http.message import Request


def test_a_request_is_answered_and_its_connection_kept() -> None:
    with serving() as server, connect(server) as connection:
        for _ in range(2):
            connection.sendall(GET)
            answer = read_answer(connection)
            assert answer is not None
            assert (answer.status, answer.body["path"]) == (200, "/it")


def test_a_caller_that_has_ended_its_side_gets_its_answers() -> None:
    go_on = threading.Event()

    def slow(request: Request) -> Response:
        assert go_on.wait(5)
        return echo(request)

    with serving(slow) as server, connect(server) as connection:
        connection.sendall(GET + GET)
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(0.3)
        # Nobody hangs up before the answer.
        with pytest.raises(TimeoutError):
            connection.recv(1)
        go_on.set()
        connection.settimeout(5)
        received = b"".join(iter(partial(connection.recv, 65_536), b""))
    assert received.count(b"HTTP/1.1 200 OK") == 2


def test_who_ends_its_side_within_a_request_is_disconnected() -> None:
    with serving() as server:
        for begun in (GET[:20], GET.replace(b"\r\n\r\n", b"\r\nContent-Length: 2\r\n\r\n")):
            with connect(server) as connection:
                connection.sendall(begun)
                connection.shutdown(socket.SHUT_WR)
                assert read_answer(connection) is None


def test_both_loopback_addresses_are_listened_on() -> None:
    addresses = tuple(loopback_addresses("127.0.0.1"))
    with serving(addresses=addresses) as server:
        for address, port in zip(addresses, server.ports, strict=True):
            with socket.create_connection((address, port), timeout=5) as connection:
                connection.sendall(GET)
                answer = read_answer(connection)
                assert answer is not None
                assert answer.status == 200


def test_a_taken_port_is_an_error_at_once() -> None:
    with listen("127.0.0.1", 0) as taken, pytest.raises(OSError, match="in use"):
        listen("127.0.0.1", taken.getsockname()[1])


def test_a_handler_that_raises_is_a_json_500(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_request: Request) -> Response:
        raise ValueError("broken")

    with serving(broken) as server:
        answer = ask(server, GET)
        assert answer is not None
        assert (answer.status, answer.body) == (500, {"error": "internal error"})
    assert "a request failed" in caplog.text


def test_a_request_that_hangs_ends_with_a_503_when_the_server_does() -> None:
    begun, released = threading.Event(), threading.Event()

    def hang(request: Request) -> Response:
        begun.set()
        released.wait(30)
        return echo(request)

    with serving(hang) as server:
        connection = connect(server)
        connection.sendall(GET)
        assert begun.wait(5)
    with connection:
        answer = read_answer(connection)
        assert answer is not None
        assert (answer.status, answer.body) == (503, {"error": "the process ends"})
    released.set()


def test_a_request_in_progress_is_answered_when_the_server_ends() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def wait(_request: Request) -> Response:
        begun.set()
        go_on.wait(10)
        return json_response(200, {"ok": True})

    with serving(wait) as server:
        connection = connect(server)
        connection.sendall(GET)
        assert begun.wait(5)
        server.stop()
        threading.Timer(0.3, go_on.set).start()
    with connection:
        answer = read_answer(connection)
        assert answer is not None
        assert (answer.status, answer.body) == (200, {"ok": True})


def test_headers_of_one_name_are_joined() -> None:
    seen: list[dict[str, str]] = []

    def note(request: Request) -> Response:
        seen.append(request.headers)
        return echo(request)

    with serving(note) as server:
        ask(
            server, b"GET / HTTP/1.1\r\n" + HOST + b"A: 1\r\na: 2\r\nCookie: x\r\nCookie: y\r\n\r\n"
        )
    assert (seen[0]["a"], seen[0]["cookie"]) == ("1, 2", "x; y")
