"""Which request a piece of a connection belongs to, in both directions."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from network.direction import UPSTREAM
from network.http_request import Request, first_line, parse_headers, parse_request
from network.requests.splitter import REQUEST_LINE, STATUS_LINE, Begun, Body, Part, Splitter

if TYPE_CHECKING:
    from network.direction import Direction

_NO_BODY = (204, 304)
_SWITCHING = 101
_LAST_INTERIM = 199


class Exchanges:
    """Follows one connection's requests and their answers, which HTTP/1.1 keeps in order.

    Of another protocol each piece that the caller sent is taken for a request, and what comes until
    the next one for its answer.
    """

    def __init__(self) -> None:
        self._open: deque[Request] = deque()
        self._piece: Request | None = None
        self._requests = Splitter(REQUEST_LINE, self._request_begins)
        self._responses = Splitter(STATUS_LINE, self._response_begins)

    def feed(self, stream: Direction, data: bytes) -> list[Part]:
        """Take bytes of a direction; return them with the request that they belong to."""
        return [self._labelled(stream, part) for part in self._of(stream).feed(data)]

    def flush(self, stream: Direction) -> bytes:
        """Give out what was kept back, because nothing follows or nobody asks any more."""
        return self._of(stream).flush()

    def is_next(self, request: Request) -> bool:
        """Whether all answers before that to ``request`` are through."""
        return bool(self._open) and self._open[0] is request and self._responses.is_between

    def _labelled(self, stream: Direction, part: Part) -> Part:
        if part.request is not None:
            return part
        if stream == UPSTREAM:
            self._piece = Request("", "", {}, data=part.data)
        return Part(part.data, self._piece)

    def _of(self, stream: Direction) -> Splitter:
        return self._requests if stream == UPSTREAM else self._responses

    def _request_begins(self, head: bytes) -> Begun:
        request = parse_request(head)
        self._open.append(request)
        return Begun(request, _length(request.headers, otherwise=0))

    def _response_begins(self, head: bytes) -> Begun:
        status = int(first_line(head).split(" ", 2)[1])
        request = self._open[0] if self._open else None
        if status <= _LAST_INTERIM and status != _SWITCHING:
            return Begun(request, 0)
        if self._open:
            self._open.popleft()
        method = request.method if request else ""
        if status == _SWITCHING or (method == "CONNECT" and status < 300):
            self._requests.tunnel()
            self._responses.tunnel()
            return Begun(request, 0)
        if method == "HEAD" or status in _NO_BODY:
            return Begun(request, 0)
        return Begun(request, _length(parse_headers(head), otherwise=Body.UNTIL_CLOSE))


def _length(headers: dict[str, str], *, otherwise: int | Body) -> int | Body:
    if "chunked" in headers.get("transfer-encoding", "").lower():
        return Body.CHUNKED
    length = headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 16 else otherwise
