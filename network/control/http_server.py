"""The HTTP/1.1 server of the control API; h11 reads and writes the protocol.

Guaranteed: every request that is answered is answered once, in the order in which its connection
sent it, and what is no HTTP gets an error and the end of its connection. A request has at most
`READ_SECONDS` to arrive, and its answer as long to be read. A body over `MAX_BODY_BYTES` is
refused, and a head that is incomplete at `MAX_HEAD_BYTES`.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import re
import secrets
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

import h11

from base.http.message import API_HEADERS
from network.go_json.encoding import encode

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

log = logging.getLogger("network")

READ_SECONDS: Final = 60.0
MAX_HEAD_BYTES: Final = 65_536
MAX_BODY_BYTES: Final = 1_048_576
MAX_CONNECTIONS: Final = 512
"""Of more the one is closed that has waited longest for what its caller does."""
_LINGER_SECONDS: Final = 1.0
_CHUNK_BYTES: Final = 16_384
_NO_ESCAPE: Final = re.compile(b"%(?![0-9a-fA-F]{2})")
REQUEST_ID_HEADER: Final = "X-Toxiproxy-Request-Id"
JSON: Final = "application/json"
TEXT: Final = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Request:
    """A request, its path cut at the slashes and unquoted, its headers' names in lower case."""

    method: str
    path: tuple[str, ...]
    headers: dict[str, str]
    body: bytes
    query: str = ""


@dataclass(frozen=True)
class Response:
    """A response; ``body`` is sent as it is."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


def json_response(value: object, *, status: int = 200) -> Response:
    """Return a response that carries ``value``."""
    return Response(status, encode(value))


def text_response(text: str, *, status: int) -> Response:
    """Return a response of one line of text."""
    return Response(status, f"{text}\n".encode(), TEXT)


class HttpServer:
    """Reads requests, calls ``handle`` with each, writes what it returns."""

    def __init__(
        self,
        handle: Callable[[Request], Awaitable[Response]],
        *,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        self._handle = handle
        self._read_seconds = read_seconds
        self.connections: set[asyncio.Task[None]] = set()
        """A task for each that is open."""
        self._waiting: dict[asyncio.Task[None] | None, None] = {}
        self._servers: list[asyncio.Server] = []

    async def listen(self, host: str, port: int) -> int:
        """Listen; return the port, which 0 leaves to the system.

        :raises OSError: the address can't be listened on.
        """
        server = await asyncio.start_server(self._connected, host, port)
        self._servers.append(server)
        bound: int = server.sockets[0].getsockname()[1]
        return bound

    async def close(self) -> None:
        """Stop listening and drop open calls."""
        for server in self._servers:
            server.close()
        for task in self.connections:
            task.cancel()
        await asyncio.gather(*self.connections, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self.connections.add(task)
            task.add_done_callback(self.connections.discard)
        if len(self.connections) > MAX_CONNECTIONS:
            self._make_room()
        try:
            await self._serve(_Exchange(reader, writer, seconds=self._read_seconds))
            writer.close()
            with self._waiting_for_caller():
                async with asyncio.timeout(self._read_seconds):
                    await writer.wait_closed()
        except (OSError, TimeoutError, asyncio.CancelledError):
            # A caller that leaves in mid-call is no error of ours, and a cancelled call means that
            # the process stops, or that others need the room.
            pass
        finally:
            # What is not read by now would be kept for ever.
            writer.transport.abort()

    @contextmanager
    def _waiting_for_caller(self) -> Iterator[None]:
        task = asyncio.current_task()
        self._waiting[task] = None
        try:
            yield
        finally:
            self._waiting.pop(task, None)

    def _make_room(self) -> None:
        longest = next(iter(self._waiting), None)
        if longest is not None:
            del self._waiting[longest]
            longest.cancel()

    async def _serve(self, exchange: _Exchange) -> None:
        while True:
            try:
                with self._waiting_for_caller():
                    request = await exchange.receive()
            except h11.RemoteProtocolError as error:
                with self._waiting_for_caller():
                    await exchange.refuse(error.error_status_hint)
                return
            if request is None:
                return
            response = await self._response(request)
            with self._waiting_for_caller():
                await exchange.send(response)
            if not exchange.goes_on():
                return

    async def _response(self, request: Request) -> Response:
        try:
            return await self._handle(request)
        except Exception:
            log.exception("%s /%s failed", request.method, "/".join(request.path))
            return text_response("internal server error", status=500)


class _Exchange:
    """The requests and responses of one connection, one after the other."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, seconds: float
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._seconds = seconds
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD_BYTES)
        self._method = b""
        self._version = b"1.1"

    async def receive(self) -> Request | None:
        """Read a request; None when the caller left, or began none for long.

        :raises h11.RemoteProtocolError: what came is no request, too large or too slow.
        """
        self._method = b""
        try:
            async with asyncio.timeout(self._seconds):
                head = await self._next_event()
                if not isinstance(head, h11.Request):
                    return None
                self._method = head.method
                self._version = b"1.0" if head.http_version == b"1.0" else b"1.1"
                _check(head)
                return _request(head, await self._body(head))
        except TimeoutError:
            if self._http.their_state is h11.IDLE and not self._http.trailing_data[0]:
                return None
            raise h11.RemoteProtocolError("too slow", error_status_hint=408) from None

    async def send(self, response: Response, *, close: bool = False) -> None:
        """Write a response.

        :raises TimeoutError: the caller did not take it.
        """
        headers = [
            *API_HEADERS.items(),
            *response.headers.items(),
            ("Date", formatdate(usegmt=True)),
            (REQUEST_ID_HEADER, _request_id()),
        ]
        if response.body:
            headers.append(("Content-Type", response.content_type))
        if response.status != HTTPStatus.NO_CONTENT:
            headers.append(("Content-Length", str(len(response.body))))
        if close:
            headers.append(("Connection", "close"))
        head = h11.Response(
            status_code=response.status,
            headers=headers,
            reason=HTTPStatus(response.status).phrase.encode(),
        )
        # h11 writes its own version; Go's server answers in the caller's.
        line, end, fields = (self._http.send(head) or b"").partition(b"\r\n")
        if self._version == b"1.0":
            # Its callers know that a connection ends with the answer.
            fields = fields.replace(b"Connection: close\r\n", b"")
        self._writer.write(line.replace(b"1.1", self._version, 1) + end + fields)
        if response.body and self._method != b"HEAD":
            self._write(h11.Data(response.body))
        self._write(h11.EndOfMessage())
        async with asyncio.timeout(self._seconds):
            await self._writer.drain()

    async def refuse(self, status: int) -> None:
        """Answer what is no request, and take in the rest of it, for the answer to be read."""
        text = f"{status} {HTTPStatus(status).phrase}"
        await self.send(Response(status, text.encode(), TEXT), close=True)
        self._writer.write_eof()
        async with asyncio.timeout(_LINGER_SECONDS):
            while await self._reader.read(_CHUNK_BYTES):
                pass

    def goes_on(self) -> bool:
        """Make ready for the next request; False when the connection ends here."""
        if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
            return False
        self._http.start_next_cycle()
        return True

    async def _body(self, head: h11.Request) -> bytes:
        body = bytearray()
        announced = next(
            (int(value) for name, value in head.headers if name == b"content-length"), 0
        )
        awaited = self._http.they_are_waiting_for_100_continue
        if awaited and announced <= MAX_BODY_BYTES and self._http.their_state is h11.SEND_BODY:
            self._write(h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue"))
        while max(announced, len(body)) <= MAX_BODY_BYTES:
            event = await self._next_event()
            if not isinstance(event, h11.Data):
                return bytes(body)
            body += event.data
        raise h11.RemoteProtocolError("body too large", error_status_hint=413)

    async def _next_event(self) -> h11.Event:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            self._http.receive_data(await self._reader.read(_CHUNK_BYTES))
        if isinstance(event, h11.Event):
            return event
        raise h11.RemoteProtocolError(f"{event} in mid-request")

    def _write(self, event: h11.Event) -> None:
        self._writer.write(self._http.send(event) or b"")


def _check(head: h11.Request) -> None:
    """Refuse what h11 lets pass, and Go's server does not."""
    if not head.http_version.startswith(b"1."):
        raise h11.RemoteProtocolError("unsupported version", error_status_hint=505)
    if any(name == b"expect" and value.lower() != b"100-continue" for name, value in head.headers):
        raise h11.RemoteProtocolError("unknown expectation", error_status_hint=417)
    if _NO_ESCAPE.search(head.target.partition(b"?")[0]):
        raise h11.RemoteProtocolError("invalid escape")


def _request(head: h11.Request, body: bytes) -> Request:
    try:
        path, _, query = _target(head.target.decode("ascii")).partition("?")
    except ValueError as error:
        raise h11.RemoteProtocolError(str(error)) from error
    return Request(
        method=head.method.decode("ascii"),
        path=tuple(unquote(part) for part in path.split("/")[1:]),
        headers={
            name.decode("ascii"): value.decode("latin-1").strip() for name, value in head.headers
        },
        body=body,
        query=query,
    )


def _target(text: str) -> str:
    """Return path and query of a request's target, which may be a whole URL."""
    if text.startswith("/"):
        return text
    parts = urlsplit(text)
    return f"{parts.path}?{parts.query}"


def _request_id() -> str:
    """Make an id as Toxiproxy's: 20 characters of 0-9 and a-v."""
    return base64.b32hexencode(secrets.token_bytes(12)).decode().rstrip("=").lower()
