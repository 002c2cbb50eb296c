"""The control API's HTTP: what callers may send, kept connections, and what is refused."""

from __future__ import annotations

import json
import socket
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.network.rig import Rig, rig

if TYPE_CHECKING:
    from collections.abc import Iterator

BODY = b'{"type": "latency", "name": "t"}'
END = b"\r\n\r\n"


@pytest.fixture(scope="module")
def link() -> Iterator[Rig]:
    """One link for the tests of this file, each of which leaves it as it was."""
    with rig() as made:
        yield made


@pytest.fixture
def caller(link: Rig) -> Iterator[socket.socket]:
    """A connection to the control API."""
    host, _, port = link.control.removeprefix("http://").partition(":")
    with closing(socket.create_connection((host, int(port)), timeout=5)) as connection:
        yield connection


def answer(caller: socket.socket, data: bytes = b"") -> tuple[int, dict[str, str], bytes]:
    """Send and read one answer: status, headers by lower-case name, body."""
    caller.sendall(data)
    raw = b""
    while END not in raw:
        # One byte at a time: what belongs to the next answer stays for it.
        more = caller.recv(1)
        assert more, raw
        raw += more
    first, *lines = raw.decode("latin-1").strip().split("\r\n")
    headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
    body = b""
    while len(body) < int(headers.get("content-length", 0)):
        body += caller.recv(int(headers["content-length"]) - len(body))
    return int(first.split()[1]), headers, body


def request(method: str, path: str, *headers: str, body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def is_closed(caller: socket.socket) -> bool:
    return caller.recv(1) == b""


def test_a_connection_is_kept_for_several_requests_also_sent_at_once(caller: socket.socket) -> None:
    caller.sendall(request("GET", "/version") + request("GET", "/proxies"))
    assert json.loads(answer(caller)[2])["version"] == "2.12.0"
    assert set(json.loads(answer(caller)[2])) == {"one"}
    assert answer(caller, request("GET", "/healthz"))[0] == 200


def test_a_connection_is_closed_when_its_caller_says_so(caller: socket.socket) -> None:
    status, headers, _ = answer(caller, request("GET", "/version", "Connection: close"))
    assert (status, headers["connection"].lower()) == (200, "close")
    assert is_closed(caller)


def test_a_body_may_come_in_chunks(link: Rig, caller: socket.socket) -> None:
    head = request("POST", "/proxies/one/toxics", "Transfer-Encoding: chunked")
    half = len(BODY) // 2
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (BODY[:half], BODY[half:]))
    assert answer(caller, head + chunks + b"0\r\n\r\n")[0] == 200
    assert answer(caller, request("DELETE", "/proxies/one/toxics/t"))[0] == 204


def test_a_caller_that_asks_first_is_told_to_go_on(caller: socket.socket) -> None:
    lines = ("Expect: 100-continue", f"Content-Length: {len(BODY)}")
    assert answer(caller, request("POST", "/proxies/one/toxics", *lines))[0] == 100
    assert answer(caller, BODY)[0] == 200
    assert answer(caller, request("DELETE", "/proxies/one/toxics/t"))[0] == 204


def test_a_name_with_a_slash_or_a_space_is_one_name(caller: socket.socket) -> None:
    body = b'{"name": "a/b c", "upstream": "127.0.0.1:1", "enabled": false}'
    assert answer(caller, request("POST", "/proxies", body=body))[0] == 201
    assert (
        json.loads(answer(caller, request("GET", "/proxies/a%2Fb%20c?x=1"))[2])["name"] == "a/b c"
    )
    assert answer(caller, request("DELETE", "/proxies/a%2Fb%20c"))[0] == 204


@pytest.mark.parametrize(
    "data",
    [
        b"nonsense" + END,
        b"GET /version" + END,
        request("POST", "/populate", "Content-Length: x"),
        request("POST", "/populate", "Content-Length: -1"),
        request("POST", "/populate", "Content-Length: 99999999999"),
        request("POST", "/populate", "Transfer-Encoding: chunked") + b"x\r\n",
        b"GET /" + b"x" * 1_000_000,
    ],
    ids=lambda data: repr(data[:12]),
)
def test_what_is_no_request_is_refused_and_ends_the_connection(
    link: Rig, caller: socket.socket, data: bytes
) -> None:
    status, _, _ = answer(caller, data)
    assert 400 <= status < 500
    assert link.call("GET", "/version").ok


def test_half_a_request_is_no_harm(link: Rig, caller: socket.socket) -> None:
    caller.sendall(request("POST", "/populate", "Content-Length: 10") + b"[")
    caller.close()
    assert link.call("GET", "/version").ok


@pytest.mark.parametrize("path", ["/", "/nope", "/proxies/", "/proxies/one/", "/proxies/one/nope"])
def test_an_unknown_path_is_not_found(caller: socket.socket, path: str) -> None:
    assert answer(caller, request("GET", path))[0] == 404


def test_a_method_that_a_path_does_not_have_is_said_with_those_that_it_has(
    caller: socket.socket,
) -> None:
    status, headers, _ = answer(caller, request("DELETE", "/proxies"))
    assert (status, headers["allow"]) == (405, "GET, POST")


def test_a_browser_may_change_nothing(link: Rig, caller: socket.socket) -> None:
    page = request("POST", "/reset", "User-Agent: Mozilla/5.0")
    assert answer(caller, page)[0] == 403
    assert answer(caller, request("POST", "/reset", "User-Agent: curl/8"))[0] == 204
