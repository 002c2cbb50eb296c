"""One connection through a proxy: the caller's socket, the upstream's, a link each way."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
import time
from typing import TYPE_CHECKING, Final

from base.loops import spawn
from network.address import parse_address
from network.direction import DOWNSTREAM, UPSTREAM
from network.requests.exchanges import Exchanges
from network.stream.link import Link

if TYPE_CHECKING:
    from network.http_request import Request
    from network.stream.seams import ProxyOf
    from network.toxics.applied import Applied

DIAL_SECONDS: Final = 30
# What may wait in front of a slow reader, beside the kernel's own buffers.
WRITE_BUFFER_BYTES: Final = 262_144

# Windows has a linger of shorts.
RESET_AT_CLOSE: Final = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class Side(asyncio.Protocol):
    """One of the two sockets of a connection."""

    def __init__(self, connection: Connection, *, incoming: Link, outgoing: Link) -> None:
        self.connection = connection
        self.transport: asyncio.Transport | None = None
        self._incoming = incoming
        self._outgoing = outgoing
        self._lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the socket, and send small pieces at once."""
        if not isinstance(transport, asyncio.Transport):
            return
        self.transport = transport
        # asyncio does it only for sockets that name their protocol, which accepted ones may not.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        transport.set_write_buffer_limits(high=WRITE_BUFFER_BYTES)
        self.connection.side_made(self)

    def data_received(self, data: bytes) -> None:
        """Hand over to the link."""
        self._incoming.receive(data)

    def eof_received(self) -> bool:
        """Pass the half-close on and stay open for the other direction."""
        self._incoming.end()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Pass a broken connection on as one, after what was sent before it."""
        self._lost = True
        self._outgoing.done = True
        if not self._incoming.done and not self.connection.closed:
            self._incoming.end(reset=exc is not None)
        self.connection.link_done()

    def pause_writing(self) -> None:
        """Slow the other end down."""
        self._outgoing.pause()

    def resume_writing(self) -> None:
        """Let the other end go on."""
        self._outgoing.resume()


class Connection:
    """Opens the upstream for a caller and lives until both ends are done.

    Guaranteed: nothing is read from the caller before the upstream is open; a failure to open it,
    and a reset at one end, reach the other end as a reset. Not guaranteed: that the two directions
    keep their order with respect to each other.
    """

    def __init__(self, proxy: ProxyOf, *, number: int) -> None:
        self.proxy = proxy
        self.number = number
        self.closed = False
        self.upstream = Link(self, stream=UPSTREAM)
        self.downstream = Link(self, stream=DOWNSTREAM)
        self.client = Side(self, incoming=self.upstream, outgoing=self.downstream)
        self.server = Side(self, incoming=self.downstream, outgoing=self.upstream)
        self.head = b""
        self.on_its_way = False
        self._reached_ns = 0
        self._touched: Applied | None = None
        self.exchanges: Exchanges | None = None
        self._dialling: asyncio.Task[None] | None = None
        self._answer: tuple[Request, bytes] | None = None

    def side_made(self, side: Side) -> None:
        """Dial once the caller is there; nothing is read from it before."""
        if side is not self.client or side.transport is None:
            return
        if self.closed:
            # The proxy went down between accepting it and this.
            side.transport.abort()
            return
        side.transport.pause_reading()
        refusing = self.proxy.toxics.refusing()
        if refusing is None:
            self._dialling = spawn(self._dial(), name=f"{self.proxy.name} dials")
        else:
            self.note(refusing, "refused")
            self.reset()

    async def _dial(self) -> None:
        try:
            async with asyncio.timeout(DIAL_SECONDS):
                host, port = parse_address(self.proxy.upstream)
                await self.proxy.loop.create_connection(
                    lambda: self.server, host or "localhost", port
                )
        except (OSError, ValueError):
            # Refused, late, or no address: a reset before any byte is the nearest thing to the
            # refusal that a caller would meet.
            self.reset()
            return
        client, server = self.client.transport, self.server.transport
        if self.closed or client is None or server is None:
            self.reset_side(server)
            return
        self.follow(requests=self.proxy.toxics.look_at_requests)
        self.upstream.open(client, server)
        self.downstream.open(server, client)
        if not client.is_closing() and not self.closed:
            self.upstream.resume()

    def note(self, applied: Applied, action: str, *, size: int = 0, seconds: float = 0.0) -> None:
        """Note in the journal what a toxic did to it, and whether its request got through."""
        if self.closed:
            return
        self.proxy.journal.note(
            self.proxy.name,
            self.number,
            applied,
            action,
            head=self.head,
            size=size,
            seconds=seconds,
        )
        if self._touched is None and self.head:
            self._touched = applied
            if not self.on_its_way:
                self._note_reached()

    def request_begins(self, head: bytes) -> None:
        """Take the beginning of a request, by which the journal names what becomes of it."""
        self.head = head
        self.on_its_way = True
        self._touched = None

    def passed(self, data: bytes) -> None:
        """See whether what was passed on to the upstream is the beginning of the request."""
        if self.head.startswith(data[: len(self.head)]):
            self.on_its_way = False
            self._reached_ns = time.time_ns()
            if self._touched is not None:
                self._note_reached()

    def _note_reached(self) -> None:
        if self._touched is not None:
            self.proxy.journal.note_reached(
                self.proxy.name,
                self.number,
                self._touched,
                head=self.head,
                at_ns=self._reached_ns,
            )

    def follow(self, *, requests: bool) -> None:
        """Look at the HTTP requests that cross, or no longer."""
        if requests and self.exchanges is None:
            self.exchanges = Exchanges()
        elif not requests and self.exchanges is not None:
            self.upstream.flush()
            self.downstream.flush()
            self.exchanges = None

    def answer(self, request: Request | None, data: bytes) -> None:
        """Answer a request in the upstream's place, after those before it, and close."""
        client = self.client.transport
        if request is not None and self._has_answers_before(request):
            self._answer = (request, data)
            self.answer_in_turn()
            return
        if client is not None and not client.is_closing():
            client.write(data)
        self.close()

    def _has_answers_before(self, request: Request) -> bool:
        exchanges = self.exchanges
        return exchanges is not None and (self.downstream.holds or not exchanges.is_next(request))

    def answer_in_turn(self) -> None:
        """Give the answer that waits, when those before it are through."""
        if self._answer is None or self.exchanges is None:
            return
        request, data = self._answer
        if self.exchanges.is_next(request):
            self._answer = None
            self.downstream.end_with(data)
            self.upstream.end_lost()

    def link_done(self) -> None:
        """Close when nothing can flow any more."""
        if self.upstream.done and self.downstream.done:
            self.close()

    def close(self) -> None:
        """Close both ends after what was written to them."""
        if self._stop():
            for side in (self.client, self.server):
                if side.transport is not None:
                    side.transport.close()

    def abort(self) -> None:
        """Close both ends at once, dropping what waits: the proxy went down."""
        if self._stop():
            for side in (self.client, self.server):
                if side.transport is not None:
                    side.transport.abort()

    def reset(self) -> None:
        """Reset both ends."""
        if self._stop():
            self.reset_side(self.client.transport)
            self.reset_side(self.server.transport)

    def reset_side(self, transport: asyncio.Transport | None) -> None:
        """Send one end a TCP RST."""
        if transport is None or transport.is_closing():
            return
        transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE
        )
        transport.abort()

    def _stop(self) -> bool:
        if self.closed:
            return False
        self.closed = True
        self.upstream.stop()
        self.downstream.stop()
        self.proxy.connection_closed(self)
        return True
