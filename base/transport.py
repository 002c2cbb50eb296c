"""A transport of `requests` for plain HTTP: kept connections, one write, answers parsed in C.

What urllib3 and `http.client` do between a session and its socket took most of a call's computing.
Nothing is sent twice: when a kept connection breaks, the request may have arrived. One that the
peer has closed meanwhile is noticed before it is used. For one thread.
"""

from __future__ import annotations

import http.client
import select
import sys
import weakref
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httptools
import requests
from requests.adapters import BaseAdapter
from requests.exceptions import InvalidHeader
from requests.structures import CaseInsensitiveDict
from requests.utils import default_user_agent
from urllib3.exceptions import IncompleteRead, ProtocolError

from base.deadline import connect

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping

    from base.deadline import DeadlineSocket

_MAX_KEPT = 16
_ONE_READ = 65_536
_MAX_HEAD_BYTES = 65_536
_UNLESS_GIVEN = {"User-Agent": default_user_agent(), "Accept-Encoding": "identity"}
_SWITCHING = 101
# zlib's window bits for a head of either format, gzip's or its own.
_ANY_HEAD = 47
_ZLIB_CODINGS = ("gzip", "x-gzip", "deflate")


class PlainAdapter(BaseAdapter):
    """Sends a session's requests to ``http://`` URLs within the thread's `DEADLINE`."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[str, DeadlineSocket] = {}
        # A thread that ends leaves its session behind.
        weakref.finalize(self, _close, self._kept)

    def send(  # requests' own signature
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: FBT001, FBT002
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,  # noqa: FBT001, FBT002
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Send ``request`` and read the head of its answer, whose body is still to be read.

        :raises base.errors.DeadlineExceededError: there was no connection in time.
        :raises requests.RequestException: there was none, or no head of an answer.
        """
        del stream, timeout, verify, cert, proxies
        place = urlsplit(request.url or "").netloc
        sock = self._reusable(place) or self._connected(place, request)
        raw = Raw(self, place, sock, has_body=request.method != "HEAD")
        try:
            raw.begin(_message(request, place))
        except TimeoutError as error:
            raw.close()
            raise requests.ReadTimeout(error, request=request) from error
        except (OSError, http.client.HTTPException, ProtocolError) as error:
            raw.close()
            broken = ProtocolError("Connection aborted.", error)
            raise requests.ConnectionError(broken, request=request) from error
        except BaseException:
            raw.close()
            raise
        return _response(request, raw)

    def keep(self, place: str, sock: DeadlineSocket) -> None:
        """Keep a connection whose answer has been read whole."""
        if len(self._kept) >= _MAX_KEPT:
            self._kept.pop(next(iter(self._kept))).close()
        self._kept[place] = sock

    def close(self) -> None:
        """Close what is kept."""
        _close(self._kept)

    def _reusable(self, place: str) -> DeadlineSocket | None:
        sock = self._kept.pop(place, None)
        # Nothing is to be read where no answer is awaited but that it was closed.
        if sock is not None and _readable(sock):
            sock.close()
            return None
        return sock

    def _connected(self, place: str, request: requests.PreparedRequest) -> DeadlineSocket:
        parts = urlsplit(f"//{place}")
        try:
            return connect(parts.hostname or "", parts.port or 80)
        except OSError as error:
            raise requests.ConnectionError(error, request=request) from error


class Raw:
    """The answer on its way: `requests.Response.raw`, as far as the lab reads it."""

    version = 11

    def __init__(
        self, adapter: PlainAdapter, place: str, sock: DeadlineSocket, *, has_body: bool
    ) -> None:
        self._adapter = adapter
        self._place = place
        self._sock = sock
        self._has_body = has_body
        self._parser: Any = httptools.HttpResponseParser(self)
        self._parts: list[bytes] = []
        self._size = 0
        self._keeps = False
        self._has_head = False
        self._has_length = False
        self._is_whole = False
        self._was_read = False
        self.status = 0
        self.reason = ""
        self.headers: CaseInsensitiveDict[str] = CaseInsensitiveDict()

    def begin(self, message: bytes) -> None:
        """Send the request and read until the end of the answer's head."""
        # The answer may have come before all of the request was read.
        with suppress(BrokenPipeError):
            self._sock.sendall(message)
        received = 0
        while not self._has_head:
            data = self._sock.recv(_ONE_READ)
            if not data:
                text = "Remote end closed connection without response"
                raise http.client.RemoteDisconnected(text)
            received += len(data)
            self._feed(data)
            if received > _MAX_HEAD_BYTES and not self._has_head:
                raise http.client.LineTooLong("head")

    def read(self, most: int, *, decode_content: bool = True) -> bytes:
        """Read the body to its end, or ``most`` bytes of it; once, and then nothing.

        :raises IncompleteRead: the connection ended before it did.
        """
        del decode_content
        if self._was_read:
            return b""
        self._was_read = True
        while not self._is_whole and self._size < most:
            data = self._sock.recv(_ONE_READ)
            if data:
                self._feed(data)
            elif self._has_length:
                raise IncompleteRead(self._size, -1)
            else:
                self._is_whole = True
        return self._decoded(b"".join(self._parts)[:most], most)

    def release_conn(self) -> None:
        """Keep the connection for the next call, if it can be used again."""
        if self._parser is None:
            return
        if self._is_whole and self._keeps:
            # It names this object, which would otherwise be freed by a garbage collection alone.
            self._parser = None
            self._adapter.keep(self._place, self._sock)
        else:
            self.close()

    def close(self) -> None:
        """Close the connection."""
        self._parser = None
        self._sock.close()

    def on_status(self, status: bytes) -> None:
        """Take the words behind the status."""
        self.reason += status.decode("latin-1")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        key, text = name.decode("latin-1"), value.decode("latin-1")
        self.headers[key] = f"{self.headers[key]}, {text}" if key in self.headers else text

    def on_headers_complete(self) -> None:
        """Know how long the body is."""
        self.status = int(self._parser.get_status_code())
        if self.status < http.client.OK and self.status != _SWITCHING:
            return
        self._has_head = True
        self._keeps = bool(self._parser.should_keep_alive())
        coding = self.headers.get("transfer-encoding", "").lower()
        self._has_length = "content-length" in self.headers or coding.endswith("chunked")
        if not self._has_body:
            self._is_whole, self._keeps = True, False

    def on_body(self, data: bytes) -> None:
        """Take a piece of the body."""
        self._parts.append(data)
        self._size += len(data)

    def on_message_begin(self) -> None:
        """Take nothing for an answer that nobody has asked for."""
        if self._is_whole:
            self._keeps = False

    def on_message_complete(self) -> None:
        """End, or go on to the answer after what was only a hint of it."""
        if self._has_head:
            self._is_whole = True
            return
        self.reason = ""
        self.headers.clear()

    def _feed(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._keeps = False
            # What follows a whole answer is none of this call's.
            if not self._is_whole:
                raise ProtocolError(f"the answer is no HTTP: {error}") from error

    def _decoded(self, body: bytes, most: int) -> bytes:
        if self.headers.get("content-encoding", "").lower() not in _ZLIB_CODINGS:
            return body
        try:
            return zlib.decompressobj(_ANY_HEAD).decompress(body, most)
        except zlib.error as error:
            raise ProtocolError(f"the body is not of its coding: {error}") from error


def _close(kept: dict[str, DeadlineSocket]) -> None:
    while kept:
        kept.popitem()[1].close()


def _readable(sock: socket.socket) -> bool:
    if sys.platform == "win32":
        return bool(select.select([sock], [], [], 0)[0])
    else:  # noqa: RET505 (mypy leaves out the other system's branch)
        poll = select.poll()
        poll.register(sock, select.POLLIN)
        return bool(poll.poll(0))


def _message(request: requests.PreparedRequest, place: str) -> bytes:
    """Write a request, whose body is whole."""
    lines = [f"{request.method} {request.path_url} HTTP/1.1", f"Host: {place.rpartition('@')[2]}"]
    headers = request.headers
    lines += [f"{name}: {_text(value)}" for name, value in headers.items()]
    lines += [f"{name}: {value}" for name, value in _UNLESS_GIVEN.items() if name not in headers]
    if any("\n" in line or "\r" in line for line in lines):
        raise InvalidHeader("a header holds an end of line", request=request)
    body = request.body or b""
    if not isinstance(body, bytes):
        if not isinstance(body, str):
            raise TypeError("a body must be whole")
        body = body.encode()
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _response(request: requests.PreparedRequest, raw: Any) -> requests.Response:
    response = requests.Response()
    response.status_code = raw.status
    response.reason = raw.reason
    response.headers = raw.headers
    response.raw = raw
    response.url = request.url or ""
    response.request = request
    return response
