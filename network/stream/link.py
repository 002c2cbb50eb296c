"""One direction of one connection: bytes from a source, through toxics, to a destination."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from network.direction import UPSTREAM, Chunk
from network.stream.stub import Stub

if TYPE_CHECKING:
    import asyncio

    from network.direction import Direction
    from network.http_request import Request
    from network.stream.seams import ConnectionOf
    from network.toxics.applied import Applied

# Above it reading from the source stops, below the half it goes on. It bounds what a connection
# keeps, and it is the window that a delay leaves: a megabyte in 100 ms is 10 MB/s.
MAX_KEPT_BYTES: Final = 1_048_576

# What is read at once: of what streams much, in few calls of the system; under toxics, each of
# which takes it as one piece, as much as asyncio reads by itself.
MOST_READ_BYTES: Final = 1_048_576
READ_UNDER_TOXICS_BYTES: Final = 262_144

# Requests begin with one; others' bytes are kept for nothing, at most so many.
_CAPITALS: Final = range(ord("A"), ord("Z") + 1)
MAX_HEAD_KEPT: Final = 2_048


class Link:
    """The pipeline of one stream: without toxics a plain copy, with them a chain of stubs.

    Guaranteed without toxics, as TCP does: order, no duplicates, no loss while both ends are open,
    the end of the stream (half-close or reset) after all bytes. A toxic may drop, delay or repeat;
    what it passes on keeps its order. When the connection is closed or aborted, what waits is lost.
    """

    __slots__ = (
        "_counters",
        "_ended",
        "_full",
        "_kept",
        "_source",
        "_stubs",
        "closed",
        "connection",
        "done",
        "loop",
        "reset_at_end",
        "sink",
        "stream",
    )

    def __init__(self, connection: ConnectionOf, *, stream: Direction) -> None:
        self.connection = connection
        self.stream = stream
        self.loop = connection.proxy.loop
        self.sink: asyncio.Transport | None = None
        self.done = False
        self.closed = False
        self.reset_at_end = False
        self._source: asyncio.Transport | None = None
        self._stubs: list[Stub] = []
        self._kept = 0
        self._full = False
        self._ended = False
        self._counters = connection.proxy.counters[stream]

    def open(self, source: asyncio.Transport, sink: asyncio.Transport) -> None:
        """Begin to flow, under the toxics that the proxy has now."""
        self._source = source
        self.sink = sink
        self._set_read()
        for applied in self.connection.proxy.toxics.on(self.stream):
            self.add(applied)

    # From the source.

    def receive(self, data: bytes) -> None:
        """Take what the source sent."""
        self._counters.received += len(data)
        self._counters.chunks += 1
        if self.stream == UPSTREAM and data[0] in _CAPITALS:
            # It may be a request.
            self.connection.request_begins(data[:MAX_HEAD_KEPT])
        exchanges = self.connection.exchanges
        if exchanges is not None:
            for part in exchanges.feed(self.stream, data):
                self._enter(part.data, part.request)
            self.connection.answer_in_turn()
        elif self._stubs:
            self._stubs[0].push(Chunk(data, self.loop.time()))
        else:
            self.deliver(data)

    def flush(self) -> None:
        """Let go what was kept back to see which request it is of."""
        exchanges = self.connection.exchanges
        if exchanges is not None and (data := exchanges.flush(self.stream)):
            self._enter(data, None)

    def _enter(self, data: bytes, request: Request | None) -> None:
        if self.closed:
            return
        if self._stubs:
            self._stubs[0].push(Chunk(data, self.loop.time(), request))
        else:
            self.deliver(data)

    def end(self, *, reset: bool = False) -> None:
        """Take the end of what the source sends; ``reset`` when it broke off."""
        if self._ended and not reset:
            return
        self.flush()
        self.reset_at_end = reset
        self._ended = True
        if self._stubs:
            self._stubs[0].end()
        else:
            self.deliver_end()

    # To the destination.

    def deliver(self, data: bytes) -> None:
        """Write to the destination; drop what comes too late for it."""
        if self.sink is None or self.sink.is_closing():
            return
        self._counters.sent += len(data)
        self.sink.write(data)
        if self.connection.on_its_way and self.stream == UPSTREAM:
            self.connection.passed(data)

    def deliver_end(self) -> None:
        """Pass the end of the stream on to the destination."""
        self.done = True
        if self.reset_at_end:
            self.connection.reset_side(self.sink)
        elif self.sink is not None and not self.sink.is_closing():
            # A destination that has broken off meanwhile cannot be sent the end.
            with suppress(OSError):
                self.sink.write_eof()
        self.connection.link_done()

    # For its stubs.

    def keep(self, size: int) -> None:
        """Count bytes that wait."""
        self._kept += size
        if self._kept > MAX_KEPT_BYTES:
            self._stop_reading()

    def let_go(self, size: int) -> None:
        """Count bytes that no longer wait."""
        was_over = self._kept >= MAX_KEPT_BYTES // 2
        self._kept -= size
        if was_over and self._kept < MAX_KEPT_BYTES // 2:
            self._resume()

    def end_lost(self) -> None:
        """End this direction without passing the end of the stream on."""
        self.done = True
        self.connection.link_done()

    @property
    def holds(self) -> bool:
        """Whether bytes wait here."""
        return self._kept > 0

    def end_with(self, data: bytes) -> None:
        """Let ``data`` be the last that goes to the destination, after what waits."""
        self._stop_reading()
        self._enter(data, None)
        self.end()

    def deliver_aside(self, data: bytes) -> None:
        """Deliver to the upstream over another connection."""
        if self.stream == UPSTREAM:
            self.connection.proxy.deliver_aside(data)

    def close_connection(self) -> None:
        """Close both ends."""
        self.connection.close()

    def reset_connection(self) -> None:
        """Reset both ends."""
        self.connection.reset()

    # Back-pressure.

    def pause(self) -> None:
        """Stop reading: the destination is slower than the source."""
        self._full = True
        self._stop_reading()

    def resume(self) -> None:
        """Read on: the destination has caught up."""
        self._full = False
        self._resume()

    def _stop_reading(self) -> None:
        # After its end a source must be left alone: resuming would read that end once more.
        if self._source is not None and not self._ended:
            self._source.pause_reading()

    def _resume(self) -> None:
        if self._ended or self._full or self._kept > MAX_KEPT_BYTES or self._source is None:
            return
        if not self._source.is_closing():
            self._source.resume_reading()

    # Changes while the connection is open.

    def add(self, applied: Applied, *, kept: bool = False) -> None:
        """Put a toxic at the end of the chain; ``kept``: the connection was open before it."""
        if self.done or self.closed:
            return
        stub = Stub(self, applied, chance=self.connection.proxy.chance(applied), kept=kept)
        if self._stubs:
            self._stubs[-1].following = stub
        self._stubs.append(stub)
        self._set_read()
        stub.start()

    def update(self, applied: Applied) -> None:
        """Go on with a toxic whose attributes or toxicity changed."""
        for stub in self._stubs:
            if stub.applied is applied:
                stub.update()

    def remove(self, applied: Applied) -> None:
        """Take a toxic out of the chain."""
        for index, stub in enumerate(self._stubs):
            if stub.applied is applied:
                stub.remove()
                del self._stubs[index : index + 1]
                if index and self._stubs:
                    self._stubs[index - 1].following = stub.following
                self._set_read()
                return

    def _set_read(self) -> None:
        source = self._source
        if source is not None and hasattr(source, "max_size"):
            source.max_size = READ_UNDER_TOXICS_BYTES if self._stubs else MOST_READ_BYTES

    def stop(self) -> None:
        """Forget what waits: the connection is gone."""
        self.closed = True
        for stub in self._stubs:
            stub.stop()
        self._stubs.clear()
