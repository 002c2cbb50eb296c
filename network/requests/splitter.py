"""Cuts a stream of HTTP/1.1 into parts of one message each, as the bytes come."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from network.http_request import Request

MAX_HEAD_BYTES: Final = 65_536
MAX_LINE_BYTES: Final = 4_096

# A whole first line, or what may still become one.
REQUEST_LINE: Final = re.compile(
    rb"[A-Z]{1,20} \S+ HTTP/1\.[01]\r\n|[A-Z]{1,20}( \S*( [HTP/.01]{0,8}\r?)?)?\Z"
)
STATUS_LINE: Final = re.compile(
    rb"HTTP/1\.[01] \d{3}[^\n]*\r\n|H(T(T(P(/(1(\.([01]( (\d{0,3}[^\n]*)?)?)?)?)?)?)?)?)?\Z"
)
_END_OF_HEAD: Final = b"\r\n\r\n"


class Body(Enum):
    """How far a message's body goes, where its head names no length."""

    CHUNKED = auto()
    UNTIL_CLOSE = auto()


class Begun(NamedTuple):
    """What a head tells: whose message it is, and how long its body."""

    request: Request | None
    body: int | Body


class Part(NamedTuple):
    """Bytes of one message: of a request, or of its answer; None for what is of neither."""

    data: bytes
    request: Request | None


class _At(Enum):
    HEAD = auto()
    BODY = auto()
    CHUNK_SIZE = auto()
    CHUNK = auto()
    TRAILER = auto()
    REST = auto()


class Splitter:
    """Finds heads, asks ``begin`` about each, and labels what follows up to the message's end.

    All bytes come out, in order; at most a head (`MAX_HEAD_BYTES`) is kept back until it is whole.
    Where a piece begins with no head, as in the middle of a message that began before, it passes
    without a label, and the next piece is looked at anew.
    """

    def __init__(self, first_line: re.Pattern[bytes], begin: Callable[[bytes], Begun]) -> None:
        self._first_line = first_line
        self._begin = begin
        self._buffer = b""
        self._at = _At.HEAD
        self._left = 0
        self._request: Request | None = None

    def feed(self, data: bytes) -> list[Part]:
        """Take bytes; return those that can go on."""
        self._buffer += data
        parts: list[Part] = []
        while self._buffer:
            size = self._next()
            if not size:
                break
            parts.append(Part(self._buffer[:size], self._request))
            self._buffer = self._buffer[size:]
            self._after(size)
        return parts

    def flush(self) -> bytes:
        """Give out what was kept back."""
        data, self._buffer = self._buffer, b""
        return data

    def tunnel(self) -> None:
        """Let all that follows pass: it is no HTTP any more."""
        self._at, self._request = _At.REST, None

    @property
    def is_between(self) -> bool:
        """Whether a message has ended and the next has not begun."""
        return self._at is _At.HEAD and not self._buffer

    def _next(self) -> int:
        """Return how much of the buffer goes on as one part; 0 to wait for more."""
        match self._at:
            case _At.HEAD:
                return self._head()
            case _At.BODY | _At.CHUNK:
                return min(self._left, len(self._buffer))
            case _At.CHUNK_SIZE | _At.TRAILER:
                return self._line()
            case _At.REST:
                return len(self._buffer)

    def _head(self) -> int:
        self._request = None
        if not self._first_line.match(self._buffer[:MAX_LINE_BYTES]):
            return len(self._buffer)
        end = self._buffer.find(_END_OF_HEAD)
        if end < 0:
            return len(self._buffer) if len(self._buffer) > MAX_HEAD_BYTES else 0
        size = end + len(_END_OF_HEAD)
        begun = self._begin(self._buffer[:size])
        if self._at is _At.REST:
            return size
        self._request = begun.request
        match begun.body:
            case Body.CHUNKED:
                self._at = _At.CHUNK_SIZE
            case Body.UNTIL_CLOSE:
                self._at = _At.REST
            case length if length:
                # The head goes out first; `_after` counts it off.
                self._at, self._left = _At.BODY, length + size
        return size

    def _line(self) -> int:
        end = self._buffer.find(b"\r\n")
        if end < 0:
            return len(self._buffer) if len(self._buffer) > MAX_LINE_BYTES else 0
        line = self._buffer[:end]
        if self._at is _At.TRAILER:
            if not line:
                self._at = _At.HEAD
        else:
            digits = line.partition(b";")[0].strip()
            size = int(digits, 16) if re.fullmatch(rb"[0-9a-fA-F]{1,15}", digits) else -1
            if size < 0:
                self.tunnel()
            elif size:
                self._at, self._left = _At.CHUNK, size + 2 + end + 2
            else:
                self._at = _At.TRAILER
        return end + 2

    def _after(self, size: int) -> None:
        if self._at in (_At.BODY, _At.CHUNK):
            self._left -= size
            if not self._left:
                self._at = _At.HEAD if self._at is _At.BODY else _At.CHUNK_SIZE
