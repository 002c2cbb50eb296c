"""A deadline is for the whole call: resolving its name and every address of it included."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any

import pytest
import requests

from base.deadline import DeadlineSocket
from base.errors import DeadlineExceededError
from base.exchange import CALL_ERRORS, exchange

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 0.4
# What a busy machine may add.
SLACK_SECONDS = 0.3

Addresses = list[tuple[str, int]]


@pytest.fixture
def silent() -> Iterator[Addresses]:
    """Three addresses that accept no connection and refuse none: their backlog is full."""
    with ExitStack() as stack:
        addresses: Addresses = []
        for _ in range(3):
            listener = stack.enter_context(
                closing(socket.create_server(("127.0.0.1", 0), backlog=0))
            )
            addresses.append(listener.getsockname())
            for _ in range(3):
                waiting = stack.enter_context(closing(socket.socket()))
                waiting.setblocking(False)
                waiting.connect_ex(addresses[-1])
        yield addresses


def resolve_to(monkeypatch: pytest.MonkeyPatch, addresses: Addresses) -> None:
    """Let every name resolve to ``addresses``."""

    def resolve(_host: str, _port: int, *, flags: int = 0, **_rest: Any) -> list[Any]:
        if flags & socket.AI_NUMERICHOST:
            raise socket.gaierror(socket.EAI_NONAME, "no number")
        kind = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "")
        return [(*kind, address) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def call(url: str) -> float:
    """Call ``url``; return how many seconds it took until it failed."""
    prepared = requests.Request("GET", url).prepare()
    started = time.monotonic()
    with pytest.raises(CALL_ERRORS) as caught:
        exchange(prepared, seconds=SECONDS, most_bytes=100)
    assert isinstance(caught.value, DeadlineExceededError)
    assert not caught.value.connected
    return time.monotonic() - started


def test_several_silent_addresses_share_the_deadline(
    monkeypatch: pytest.MonkeyPatch, silent: Addresses
) -> None:
    resolve_to(monkeypatch, silent)
    assert call("http://silent.test/") < SECONDS + SLACK_SECONDS


def test_an_address_that_answers_is_reached_behind_silent_ones(
    monkeypatch: pytest.MonkeyPatch, silent: Addresses
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        resolve_to(monkeypatch, [*silent[:2], server.getsockname()])

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1_000)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        prepared = requests.Request("GET", "http://third.test/").prepare()
        assert exchange(prepared, seconds=3.0, most_bytes=100).content == b"ok"
        thread.join(5)


def test_a_slow_resolver_does_not_outlast_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    def resolve(_host: str, _port: int, *, flags: int = 0, **_rest: Any) -> list[Any]:
        if not flags & socket.AI_NUMERICHOST:
            released.wait(10)
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    try:
        assert call("http://slow.test/") < SECONDS + SLACK_SECONDS
    finally:
        released.set()


def test_head_and_body_of_a_small_request_go_out_together(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[bytes] = []

    def sendall(sock: DeadlineSocket, data: bytes, flags: int = 0) -> None:
        sent.append(data)
        socket.socket.sendall(sock, data, flags)

    monkeypatch.setattr(DeadlineSocket, "sendall", sendall)
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        answering = threading.Thread(target=answer_once, args=[listener])
        answering.start()
        url = "http://{}:{}/jobs".format(*listener.getsockname())
        prepared = requests.Request("POST", url, json={"quantity": 1}).prepare()
        answer = exchange(prepared, seconds=5, most_bytes=100)
        answering.join()
    assert answer.status == 200
    assert [(each[:10], each[-15:]) for each in sent] == [(b"POST /jobs", b'{"quantity": 1}')]


def answer_once(listener: socket.socket) -> None:
    """Accept one connection and answer whatever comes first."""
    connection, _ = listener.accept()
    with connection:
        connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
