"""Whatever a caller sends or leaves out: it is answered within bounds, and others are served."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from base.http.message import API_HEADERS, json_response
from tests.base.http.rig import GET, HOST, Answer, ask, connect, echo, read_answer, serving
from tests.support.waiting import eventually, let_pass

if TYPE_CHECKING:
    from base.http.message import Request, Response


def refused(answer: Answer | None, status: int, *, because: str) -> None:
    assert answer is not None
    assert (answer.status, list(answer.body)) == (status, ["error"])
    assert because in answer.body["error"]
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize("sent", [b"", b"GET /it HTTP/1.1\r\nHost: loc"], ids=["idle", "half"])
def test_others_are_served_beside_300_connections_that_say_too_little(sent: bytes) -> None:
    with serving(head_seconds=30) as server, ExitStack() as stack:
        for _ in range(300):
            connection = stack.enter_context(connect(server))
            connection.sendall(sent)
        began = time.monotonic()
        answer = ask(server, GET)
        assert answer is not None
        assert answer.status == 200
        assert time.monotonic() - began < 2


def test_of_too_many_connections_the_one_that_has_waited_longest_is_closed() -> None:
    def respond(request: Request) -> Response:
        let_pass(0.05)
        return echo(request)

    with serving(respond, head_seconds=30, max_connections=2) as server, ExitStack() as stack:
        waiting = [stack.enter_context(connect(server)) for _ in range(2)]
        waiting[0].sendall(GET)
        assert read_answer(waiting[0]) is not None  # so it has waited least
        answer = ask(server, GET)
        assert answer is not None
        assert answer.status == 200
        assert read_answer(waiting[1]) is None
        waiting[0].sendall(GET)
        assert read_answer(waiting[0]) is not None


def test_a_connection_that_says_nothing_is_closed() -> None:
    with serving(head_seconds=0.1) as server:
        assert ask(server, b"") is None


def test_empty_lines_begin_no_request_and_lengthen_no_wait() -> None:
    with serving(head_seconds=0.3) as server, connect(server) as connection:
        connection.sendall(GET)
        assert read_answer(connection) is not None
        connection.sendall(b"\r\n")
        assert read_answer(connection) is None


def test_a_head_that_comes_too_slowly_is_refused() -> None:
    with serving(head_seconds=0.1) as server:
        refused(ask(server, b"GET /it HTTP/1.1\r\n"), 408, because="within 0.1 s")


def test_a_kept_connection_has_the_same_deadline_for_its_next_head() -> None:
    with serving(head_seconds=0.2) as server, connect(server) as connection:
        connection.sendall(GET)
        assert read_answer(connection) is not None
        connection.sendall(b"GET /it HT")
        refused(read_answer(connection), 408, because="within 0.2 s")


def test_a_body_that_comes_too_slowly_is_refused() -> None:
    with serving(body_seconds=0.1) as server:
        head = b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 9\r\n\r\n"
        refused(ask(server, head + b"half"), 408, because="within 0.1 s")


@pytest.mark.parametrize(
    "sent",
    [
        b"Content-Length: 300000\r\n\r\n" + b"x" * 300_000,
        b"Content-Length: " + b"9" * 18 + b"\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n3e9\r\n" + b"x" * 1_001 + b"\r\n0\r\n\r\n",
    ],
    ids=["long", "claimed", "chunked"],
)
def test_a_body_that_is_too_long_is_refused(sent: bytes) -> None:
    with serving() as server:
        answer = ask(server, b"POST / HTTP/1.1\r\n" + HOST + sent)
        refused(answer, 413, because="over 1000 bytes")


def test_a_chunked_body_within_the_bound_is_taken() -> None:
    with serving() as server:
        sent = b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
        answer = ask(server, b"POST / HTTP/1.1\r\n" + HOST + sent)
        assert answer is not None
        assert answer.body == {"path": "/", "body": "abc"}


def test_a_cookie_of_17_kb_is_taken_and_a_head_without_end_refused() -> None:
    with serving() as server:
        cookie = b"Cookie: a=" + b"x" * 17_000 + b"\r\n"
        answer = ask(server, b"GET /it HTTP/1.1\r\n" + HOST + cookie + b"\r\n")
        assert answer is not None
        assert answer.status == 200
        endless = b"GET /it HTTP/1.1\r\n" + HOST + b"X: " + b"x" * 400_000
        refused(ask(server, endless), 431, because="over 65536 bytes")


@pytest.mark.parametrize(
    "sent",
    [
        b"garbage\r\n\r\n",
        b"\x16\x03\x01" * 50,
        b"GET /\xff HTTP/1.1\r\n" + HOST + b"\r\n",
        b"CONNECT x:1 HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
    ],
    ids=["garbage", "tls", "path", "connect", "lengths"],
)
def test_what_is_no_http_is_refused_in_json(sent: bytes) -> None:
    with serving() as server:
        refused(ask(server, sent), 400, because="no HTTP request")


@pytest.mark.parametrize("sent", [GET, b"garbage\r\n\r\n"])
def test_every_answer_carries_the_security_headers_and_names_no_server(sent: bytes) -> None:
    with serving() as server:
        answer = ask(server, sent)
        assert answer is not None
        assert {name.lower(): value for name, value in API_HEADERS.items()}.items() <= (
            answer.headers.items()
        )
        assert "server" not in answer.headers


def test_a_caller_of_two_requests_who_sends_garbage_after_them_costs_no_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def slow(_request: object) -> object:
        let_pass(0.2)
        raise AssertionError

    with serving(slow) as server:  # type: ignore[arg-type]
        refused(ask(server, GET + GET + b"garbage\r\n\r\n"), 400, because="no HTTP")
        eventually(lambda: "a request failed" in caplog.text)
    assert [each.name for each in caplog.records if each.name.startswith("uvicorn")] == []


def large(request: Request) -> Response:
    """Answer with more than the system keeps of it by itself."""
    return json_response(200, "x" * 16_000_000) if request.path == "/large" else echo(request)


@pytest.mark.parametrize("end", [b"close", b"keep-alive"])
# Of many bytes uvicorn is asked to wait, of the last ones it is not.
@pytest.mark.parametrize("write_buffer", [65_536, 1 << 30])
def test_a_caller_that_does_not_read_its_answer_is_disconnected(
    end: bytes, write_buffer: int
) -> None:
    with (
        serving(large, read_seconds=0.3, kept_seconds=1, write_buffer=write_buffer) as server,
        connect(server) as slow,
    ):
        slow.sendall(b"GET /large HTTP/1.1\r\n" + HOST + b"Connection: " + end + b"\r\n\r\n")
        eventually(lambda: server.connections == 1)
        eventually(lambda: server.connections == 0)
        assert ask(server, GET) is not None
