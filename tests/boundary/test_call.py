"""One call across a link comes to exactly one outcome, whatever the other side does."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

import pytest

from boundary.call import post_json
from boundary.error_kind import ErrorKind
from tests.support import upstreams
from tests.support.ports import free_ports
from tests.support.waiting import let_pass

if TYPE_CHECKING:
    from collections.abc import Callable

DEADLINE_MS = 300


@pytest.mark.parametrize(
    ("behave", "kind", "status"),
    [
        (upstreams.silent, ErrorKind.READ_TIMEOUT, None),
        (upstreams.trickling_headers, ErrorKind.READ_TIMEOUT, None),
        (upstreams.trickling_body, ErrorKind.READ_TIMEOUT, 200),
        (upstreams.closing, ErrorKind.RESET, None),
        (upstreams.resetting, ErrorKind.RESET, None),
        (upstreams.resetting_midway, ErrorKind.RESET, 200),
        (upstreams.closing_midway, ErrorKind.RESET, 200),
        (upstreams.answering(404, b'{"error": "no"}'), ErrorKind.HTTP_4XX, 404),
        (upstreams.answering(503, b"busy"), ErrorKind.HTTP_5XX, 503),
        (upstreams.answering(200, b"<html>"), ErrorKind.BAD_RESPONSE, 200),
        (upstreams.answering(200, b"[1]"), ErrorKind.BAD_RESPONSE, 200),
        (upstreams.answering(302, b"{}", extra=b"Location: /x\r\n"), ErrorKind.BAD_RESPONSE, 302),
        (upstreams.answering(200, b'{"a": "' + b"x" * 70_000 + b'"}'), ErrorKind.BAD_RESPONSE, 200),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_each_failure_is_exactly_one_kind(
    behave: Callable[[socket.socket], None], kind: ErrorKind, status: int | None
) -> None:
    with upstreams.server(behave) as url:
        outcome = post_json(f"{url}/x", {}, timeout_ms=DEADLINE_MS)
    assert (outcome.error_kind, outcome.http_status, outcome.ok) == (kind, status, False)


@pytest.mark.parametrize(
    "behave", [upstreams.silent, upstreams.trickling_headers, upstreams.trickling_body]
)
def test_the_deadline_covers_the_whole_call(behave: Callable[[socket.socket], None]) -> None:
    with upstreams.server(behave) as url:
        started = time.monotonic()
        outcome = post_json(f"{url}/x", {}, timeout_ms=DEADLINE_MS)
        took = (time.monotonic() - started) * 1_000
    assert DEADLINE_MS <= took < DEADLINE_MS * 5
    assert outcome.elapsed_ms >= DEADLINE_MS


def test_nothing_listening_is_connect_refused() -> None:
    outcome = post_json(f"http://127.0.0.1:{free_ports(1)[0]}/x", {}, timeout_ms=DEADLINE_MS)
    assert outcome.error_kind is ErrorKind.CONNECT_REFUSED


def test_a_full_backlog_is_connect_timeout() -> None:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    waiting = []
    try:
        for _ in range(8):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(listener.getsockname())
            waiting.append(client)
        port = listener.getsockname()[1]
        outcome = post_json(f"http://127.0.0.1:{port}/x", {}, timeout_ms=DEADLINE_MS)
    finally:
        for each in (*waiting, listener):
            each.close()
    assert outcome.error_kind is ErrorKind.CONNECT_TIMEOUT


def test_a_name_that_is_none_is_dns() -> None:
    outcome = post_json("http://no-such-host.invalid/x", {}, timeout_ms=5_000)
    assert outcome.error_kind is ErrorKind.DNS


def test_plain_http_in_response_to_a_tls_handshake_is_tls() -> None:
    with upstreams.server(upstreams.talking_plain) as url:
        outcome = post_json(url.replace("http:", "https:") + "/x", {}, timeout_ms=2_000)
    assert outcome.error_kind is ErrorKind.TLS


def test_success_gives_the_body_and_keeps_the_connection() -> None:
    accepted: list[socket.socket] = []
    answer = upstreams.answering()

    def behave(connection: socket.socket) -> None:
        accepted.append(connection)
        answer(connection)

    with upstreams.server(behave) as url:
        outcomes = [post_json(f"{url}/x", {"n": n}, timeout_ms=2_000) for n in range(3)]
    assert [(o.ok, o.http_status, o.body) for o in outcomes] == [(True, 200, {"ok": True})] * 3
    assert len(accepted) == 1


def test_a_kept_connection_that_was_closed_meanwhile_is_replaced() -> None:
    def behave(connection: socket.socket) -> None:
        upstreams.read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        connection.close()

    with upstreams.server(behave) as url:
        assert post_json(f"{url}/x", {}, timeout_ms=2_000).ok
        let_pass(0.05)
        assert post_json(f"{url}/x", {}, timeout_ms=2_000).ok


def test_a_request_is_never_sent_twice() -> None:
    seen: list[bytes] = []

    def behave(connection: socket.socket) -> None:
        seen.append(upstreams.read_request(connection))
        upstreams.reset(connection)

    with upstreams.server(behave) as url:
        assert post_json(f"{url}/x", {}, timeout_ms=2_000).error_kind is ErrorKind.RESET
    assert len(seen) == 1
