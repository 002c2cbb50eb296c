"""uvicorn's HTTP/1.1 connection, with bounds on what it takes and on how long it waits."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from base.http.message import Response, encoded_headers, error_response

if TYPE_CHECKING:
    import asyncio

    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

HEAD_SECONDS: Final = 10.0
"""How long a new connection has for its first byte, and a request for the rest of its head."""
MAX_HEAD_BYTES: Final = 65_536
"""The longest head; one that comes in a single read may be longer."""
MAX_CONNECTIONS: Final = 512
READ_SECONDS: Final = 30.0
"""How long an answer may wait for its caller to read it."""
_LINGER_SECONDS = 1.0


class BoundedProtocol(HttpToolsProtocol):
    """A connection that is closed when it is silent, slow, or one too many.

    Of too many connections the one goes that has waited longest without a request in progress.
    """

    head_seconds = HEAD_SECONDS
    read_seconds = READ_SECONDS
    max_connections = MAX_CONNECTIONS
    waiting_since = 0.0

    _head_timer: asyncio.TimerHandle | None = None
    _read_timer: asyncio.TimerHandle | None = None
    _end_timer: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _in_head = False
    _refused = False
    _caller_has_ended = False

    @property
    def waits(self) -> bool:
        """Whether there is no request in progress."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is None or cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # uvicorn names its own
        """Wait for the first byte."""
        super().connection_made(transport)
        self._wait_for_head()
        if len(self.connections) > self.max_connections:
            self._make_room()

    def data_received(self, data: bytes) -> None:
        """Take bytes of requests."""
        if self._refused:
            return
        # Empty lines before a request begin none.
        if self.waits and self._head_timer is None:
            self._wait_for_head()
        self._head_bytes += len(data)
        super().data_received(data)
        if not self._in_head:
            self._head_bytes = 0
        elif self._head_bytes > MAX_HEAD_BYTES and not self._refused:
            text = f"the head is over {MAX_HEAD_BYTES} bytes"
            self.refuse(error_response(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, text))

    def on_message_begin(self) -> None:
        """Begin a request: it has as long for its head as a new connection has."""
        super().on_message_begin()
        self._in_head = True
        self._wait_for_head()

    def on_headers_complete(self) -> None:
        """Have the request answered; the application bounds the time of its body."""
        self._in_head = False
        self._stop_head_timer()
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        self.waiting_since = self.loop.time()
        super().on_response_complete()
        if self._caller_has_ended and self.waits:
            self.transport.close()
        if self.transport.is_closing():
            self._bound_end()

    def eof_received(self) -> bool:  # type: ignore[override] # uvicorn's returns nothing
        """Answer who has ended its side and awaits the answer; the connection stays for it."""
        self._caller_has_ended = True
        return not self.waits and not self._in_head and not self.cycle.more_body

    def pause_writing(self) -> None:
        """Give a caller who reads nothing a time to begin."""
        super().pause_writing()
        self._read_timer = self.loop.call_later(self.read_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: the caller reads."""
        super().resume_writing()
        self._stop_read_timer()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that was kept for long, whether or not its answers were read."""
        self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_head_timer()
        self._stop_read_timer()
        if self._end_timer is not None:
            self._end_timer.cancel()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP."""
        del msg
        self.refuse(error_response(HTTPStatus.BAD_REQUEST, "this is no HTTP request"))

    def refuse(self, response: Response) -> None:
        """Send an answer that the application did not make, read no more, and close.

        What the caller is still sending is dropped for a while: closing at once would reset the
        connection, and the answer might not be read.
        """
        self._refused = True
        self._stop_head_timer()
        if not self.waits:
            self.cycle.disconnected = True
        head = b"".join(b"%s: %s\r\n" % pair for pair in encoded_headers(response))
        self.transport.write(
            STATUS_LINE[response.status] + head + b"Connection: close\r\n\r\n" + response.body
        )
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(_LINGER_SECONDS, self.transport.abort)

    def _wait_for_head(self) -> None:
        self._stop_head_timer()
        self.waiting_since = self.loop.time()
        self._head_timer = self.loop.call_later(self.head_seconds, self._head_is_late)

    def _head_is_late(self) -> None:
        if not self.waits:
            # A second request is late while the first is in progress.
            self._wait_for_head()
        elif self._in_head:
            text = f"the head did not come within {self.head_seconds:g} s"
            self.refuse(error_response(HTTPStatus.REQUEST_TIMEOUT, text))
        else:
            self.transport.close()
            self._bound_end()

    def _bound_end(self) -> None:
        # A transport that is closing waits for as long as its last bytes are not read.
        if self._end_timer is None:
            self._end_timer = self.loop.call_later(self.read_seconds, self.transport.abort)

    def _make_room(self) -> None:
        connections: Any = self.connections
        waiting = [each for each in connections if each.waits and each is not self]
        if waiting:
            min(waiting, key=lambda each: each.waiting_since).transport.abort()
        else:
            headers = {"Retry-After": "1"}
            busy = HTTPStatus.SERVICE_UNAVAILABLE
            self.refuse(error_response(busy, "too many connections", headers))

    def _stop_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _stop_read_timer(self) -> None:
        if self._read_timer is not None:
            self._read_timer.cancel()
            self._read_timer = None
