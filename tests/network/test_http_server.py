"""The control API's server keeps connections, answers bad bytes, and bounds what it reads."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import h11
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.control import http_server
from network.control.http_server import (
    MAX_BODY_BYTES,
    MAX_HEAD_BYTES,
    HttpServer,
    Request,
    Response,
    json_response,
)
from tests.support.waiting import eventually_async

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SHORT_SECONDS = 0.2


async def shown(request: Request) -> Response:
    """Answer with what was read; a DELETE fails."""
    if request.method == "DELETE":
        raise RuntimeError("a handler's mistake")
    return json_response([request.method, request.path, len(request.body)])


@asynccontextmanager
async def connected(
    read_seconds: float = 5.0,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Serve, connect, and see that nothing was left to the loop's exception handler."""
    unhandled: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: unhandled.append(context))
    server = HttpServer(shown, read_seconds=read_seconds)
    port = await server.listen("127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        await server.close()
    assert unhandled == []


async def answer(reader: asyncio.StreamReader, method: bytes = b"GET") -> tuple[int, Any]:
    """Read one response; its body is decoded when it is JSON."""
    client = h11.Connection(h11.CLIENT)
    client.send(h11.Request(method=method, target="/", headers=[("Host", "x")]))
    client.send(h11.EndOfMessage())
    status, body = 0, b""
    while not isinstance(event := client.next_event(), h11.EndOfMessage):
        if event is h11.NEED_DATA:
            # Byte by byte, to leave what comes after it to the next one.
            client.receive_data(await reader.read(1))
        elif isinstance(event, h11.Response):
            status = event.status_code
        elif isinstance(event, h11.Data):
            body += event.data
    try:
        return status, json.loads(body)
    except ValueError:
        return status, body.decode()


async def only(raw: bytes, *, read_seconds: float = 5.0) -> tuple[int, Any]:
    """Send bytes; return the answer, after which the connection must end."""
    async with connected(read_seconds) as (reader, writer):
        writer.write(raw)
        found = await answer(reader)
        assert await reader.read() == b""
        return found


async def test_requests_of_a_connection_are_answered_in_their_order() -> None:
    async with connected() as (reader, writer):
        writer.write(
            b"GET /a/b%20c HTTP/1.1\r\nHost: x\r\n\r\nGET /d?e=1 HTTP/1.1\r\nHost: x\r\n\r\n"
        )
        assert await answer(reader) == (200, ["GET", ["a", "b c"], 0])
        assert await answer(reader) == (200, ["GET", ["d"], 0])
        writer.write(b"POST /f HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
        assert await answer(reader) == (200, ["POST", ["f"], 3])


async def test_a_body_may_come_in_chunks() -> None:
    async with connected() as (reader, writer):
        writer.write(b"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        writer.write(b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n")
        assert await answer(reader) == (200, ["POST", ["a"], 5])


async def test_who_waits_for_it_is_told_to_continue() -> None:
    async with connected() as (reader, writer):
        head = b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
        writer.write(head)
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b"abc")
        assert await answer(reader) == (200, ["POST", ["a"], 3])


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /a HTTP/1.0\r\n\r\n",
        b"GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    ],
)
async def test_the_connection_ends_after_the_answer(raw: bytes) -> None:
    assert await only(raw) == (200, ["GET", ["a"], 0])


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"hello\r\n\r\n", 400),
        (b"GET /a HTTP/1.1\r\n\r\n", 400),
        (b"GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n", 400),
        (b"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        (b"GET /a HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 2 * MAX_HEAD_BYTES + b"\r\n\r\n", 431),
        (b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (MAX_BODY_BYTES + 1), 413),
        (
            b"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n"
            % (MAX_BODY_BYTES + 1)
            + b"y" * (MAX_BODY_BYTES + 1),
            413,
        ),
    ],
    ids=range(11),
)
async def test_what_is_no_request_is_answered_and_ends_the_connection(
    raw: bytes, status: int
) -> None:
    assert (await only(raw))[0] == status


async def test_a_body_of_just_the_most_bytes_is_taken() -> None:
    head = b"POST /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
    raw = head % MAX_BODY_BYTES + b"y" * MAX_BODY_BYTES
    assert await only(raw) == (200, ["POST", ["a"], MAX_BODY_BYTES])


@pytest.mark.parametrize(
    "raw", [b"GET /a HTT", b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab"]
)
async def test_a_request_that_does_not_go_on_is_timed_out(raw: bytes) -> None:
    assert (await only(raw, read_seconds=SHORT_SECONDS))[0] == 408


async def test_a_connection_at_rest_is_closed_without_a_word() -> None:
    async with connected(SHORT_SECONDS) as (reader, _):
        assert await reader.read() == b""


async def test_of_too_many_connections_the_one_that_has_waited_longest_is_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http_server, "MAX_CONNECTIONS", 2)
    async with connected() as (first, asking):
        port = asking.get_extra_info("peername")[1]
        second, other = await asyncio.open_connection("127.0.0.1", port)
        # A head that does not go on waits too, and for longer than one that was answered since.
        other.write(b"GET / HTTP/1.1\r\n")
        asking.write(b"GET /one HTTP/1.1\r\nHost: a\r\n\r\n")
        assert (await answer(first))[0] == 200
        third, newest = await asyncio.open_connection("127.0.0.1", port)
        assert await second.read() == b""
        for reader, writer in ((first, asking), (third, newest)):
            writer.write(b"GET /two HTTP/1.1\r\nHost: a\r\n\r\n")
            assert (await answer(reader))[0] == 200
        for writer in (other, newest):
            writer.close()


@pytest.mark.parametrize("end", [b"close", b"keep-alive"])
@pytest.mark.parametrize("few", [False, True], ids=["many bytes", "the last ones"])
async def test_a_caller_that_does_not_read_its_answer_is_disconnected(
    end: bytes, few: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def large(_request: Request) -> Response:
        return Response(200, b"x" * 16_000_000)

    async def not_waited_for(_writer: object) -> None:
        pass

    if few:
        # As when what is left of the answer is less than asyncio waits for.
        monkeypatch.setattr(asyncio.StreamWriter, "drain", not_waited_for)
    server = HttpServer(large, read_seconds=SHORT_SECONDS)
    port = await server.listen("127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: " + end + b"\r\n\r\n")
    await eventually_async(lambda: len(server.connections) == 1)
    [connection] = server.connections
    await asyncio.wait_for(connection, 5)
    # The rest was dropped, not kept for later.
    with suppress(ConnectionResetError):
        assert len(await reader.read()) < 16_000_000
    writer.close()
    await server.close()


async def test_a_handler_that_fails_is_logged_and_answered(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with connected() as (reader, writer):
        writer.write(b"DELETE /a HTTP/1.1\r\nHost: x\r\n\r\n")
        assert await answer(reader) == (500, "internal server error\n")
        writer.write(b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await answer(reader))[0] == 200
    assert "DELETE /a failed" in caplog.text


async def test_a_head_is_answered_without_a_body() -> None:
    async with connected() as (reader, writer):
        writer.write(b"HEAD /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await answer(reader, b"HEAD"))[0] == 200
        assert await answer(reader) == (200, ["GET", ["b"], 0])


PIECES = st.sampled_from(
    [
        *(b"GET /a HTTP/1.1\r\n", b"POST / HTTP/1.0\r\n", b"Host: x\r\n", b"Content-Length: 2\r\n"),
        *(b"Transfer-Encoding: chunked\r\n", b"\r\n", b"2\r\nab\r\n", b"0\r\n\r\n", b"ab", b"\n"),
        *(b"CONNECT x:1 HTTP/1.1\r\n", b"Upgrade: websocket\r\nConnection: upgrade\r\n", b"\xff"),
    ]
)


@given(st.lists(PIECES | st.binary(max_size=8), max_size=12).map(b"".join))
@settings(max_examples=60)
def test_no_bytes_are_too_much(raw: bytes) -> None:
    async def send() -> None:
        async with connected() as (reader, writer):
            writer.write(raw)
            writer.write_eof()
            answered = await reader.read()
            assert answered == b"" or answered.startswith(b"HTTP/1.1 ")

    asyncio.run(send())
