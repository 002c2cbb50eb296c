"""A toxic's place in a link."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Final

from network.direction import Chunk
from network.toxics.toxic import NOOP

if TYPE_CHECKING:
    import asyncio
    import random
    from collections.abc import Callable

    from network.direction import Direction
    from network.http_request import Request
    from network.stream.seams import LinkOf
    from network.toxics.applied import Applied
    from network.toxics.toxic import Toxic

# Timers of the loop go off up to a millisecond late, by the resolution of epoll. Waking this much
# sooner and iterating the loop until it is time halves that, and is never early.
_EARLY_SECONDS: Final = 0.0005


class Stub:
    """Feeds a toxic one chunk at a time and passes on what it lets through.

    Guaranteed: chunks reach the toxic in the order of the source, each once, the end of the stream
    after all of them; while one is held the next ones wait. Bounded: the link counts what waits,
    and stops reading from the source at `MAX_KEPT_BYTES`. Not guaranteed: that the toxic passes
    anything on. Not thread-safe: all is called in the event loop.
    """

    __slots__ = (
        "_alarm",
        "_begun",
        "_draw",
        "_ended",
        "_finished",
        "_hand",
        "_hole",
        "_kept",
        "_loop",
        "_passed_end",
        "_passing",
        "_queue",
        "_rest",
        "_timer",
        "_waiting",
        "applied",
        "following",
        "link",
        "random",
        "request",
        "state",
        "stream",
    )

    def __init__(
        self, link: LinkOf, applied: Applied, *, chance: random.Random, kept: bool
    ) -> None:
        self.link = link
        self.applied = applied
        self.random = chance
        self.stream: Direction = applied.stream
        self.state: Any = None
        self.following: Stub | None = None
        self._loop = link.loop
        self._draw = chance.random()
        self._queue: deque[Chunk] = deque()
        self._hand: Chunk | None = None
        self._rest = b""
        self._waiting = False
        self._timer: asyncio.Handle | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._ended = False
        self._finished = False
        self._passed_end = False
        self._hole = False
        self._kept = kept
        # Of the chunk that the toxic has in hand, the bytes that it has not passed on.
        self._passing = 0
        self.request: Request | None = None
        # A toxic that is meant for some requests begins with the first of them.
        self._begun = applied.match is None

    @property
    def toxic(self) -> Toxic:
        """The toxic, or one that does nothing to a connection, or a request, that it leaves out."""
        if self._draw >= self.applied.toxicity or not self.applied.selects(self.request):
            return NOOP
        if not self._begun:
            self._begun = True
            self.applied.toxic.start(self)
        return self.applied.toxic

    @property
    def shared(self) -> dict[str, Any]:
        """What the toxic remembers across its connections."""
        return self.applied.shared

    @property
    def started_at(self) -> float:
        """When the toxic was added to the proxy, on the event loop's clock."""
        return self.applied.started_at

    # For the link.

    def push(self, chunk: Chunk) -> None:
        """Take a chunk from the source's side."""
        self._queue.append(chunk)
        self.link.keep(len(chunk.data))
        self.pump()

    def end(self) -> None:
        """Take the end of the stream from the source's side."""
        self._ended = True
        self.pump()

    def start(self) -> None:
        """Let the toxic begin."""
        if self._begun:
            self._toxic_of_connection().start(self)

    def update(self) -> None:
        """Go on with a changed toxic; the chunk that the old one held passes."""
        self._interrupt()
        self._finished = False
        self.start()
        self.pump()

    def remove(self) -> None:
        """Remove the toxic; all that waits passes at once."""
        self._interrupt()
        self._toxic_of_connection().cleanup(self)
        if self.link.closed:
            return
        while self._queue:
            chunk = self._queue.popleft()
            self.link.let_go(len(chunk.data))
            self.request = chunk.request
            self.send(chunk.data, received=chunk.received)
        if self._ended:
            self.pass_end()

    def stop(self) -> None:
        """Forget everything: the connection is gone."""
        for timer in (self._timer, self._alarm):
            if timer is not None:
                timer.cancel()
        self._queue.clear()
        self._hand = None

    def pump(self) -> None:
        """Give the toxic what waits, until it holds something."""
        queue = self._queue
        while not self._waiting and queue and not self.link.closed:
            chunk = queue.popleft()
            self.link.let_go(len(chunk.data))
            self.request = chunk.request
            self._passing = len(chunk.data)
            self.toxic.pipe(self, chunk)
        if self._ended and not (self._waiting or queue or self._finished or self.link.closed):
            self._finished = True
            self._toxic_of_connection().finish(self)

    # For the toxic.

    def admits(self) -> bool:
        """Ask the toxic, once, about a connection that was open before it was added."""
        if not self._kept:
            return True
        self._kept = False
        return self.applied.admits()

    def now(self) -> float:
        """Return the event loop's clock, in seconds."""
        return self._loop.time()

    def send(self, data: bytes, *, received: float) -> None:
        """Pass bytes on at once."""
        self._passing -= len(data)
        if self.following is None:
            self.link.deliver(data)
        else:
            self.following.push(Chunk(data, received, self.request))

    def hold(self, chunk: Chunk, *, until: float, rest: bytes = b"") -> None:
        """Keep a chunk until the clock shows ``until``; then ``rest`` comes to the toxic again."""
        if until <= self._loop.time():
            self.send(chunk.data, received=chunk.received)
            if rest:
                self._queue.appendleft(Chunk(rest, chunk.received, self.request))
                self.link.keep(len(rest))
            return
        self._note("delayed", len(chunk.data), until - self._loop.time())
        self._keep(chunk)
        self._rest = rest
        self.link.keep(len(rest))
        self._timer = self._loop.call_at(until - _EARLY_SECONDS, self._release, until)

    def block(self, chunk: Chunk) -> None:
        """Keep a chunk until the toxic is changed or removed."""
        self._note("held", len(chunk.data))
        self._keep(chunk)

    def _keep(self, chunk: Chunk) -> None:
        self._hand = Chunk(chunk.data, chunk.received, self.request)
        self._waiting = True
        self.link.keep(len(chunk.data))

    def alarm(self, seconds: float, callback: Callable[[], None]) -> None:
        """Call back once after a while, instead of the alarm that was set before."""
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = self._loop.call_later(seconds, callback)

    def pass_end(self) -> None:
        """Pass the end of the stream on, once."""
        if self._passed_end or self.link.closed:
            return
        self._passed_end = True
        if self.following is None:
            self.link.deliver_end()
        else:
            self.following.end()

    def swallow(self) -> None:
        """Note that bytes were dropped."""
        self._note("dropped", max(0, self._passing))
        self._hole = True

    def swallow_end(self) -> None:
        """Keep the end of the stream from the destination until the toxic is removed."""
        self._note("end dropped")
        self.link.end_lost()

    def has_hole(self) -> bool:
        """Return whether bytes were dropped from this stream."""
        return self._hole

    def answer(self, data: bytes) -> None:
        """Answer the request in hand as if the destination had, in its turn, and close after it."""
        self._note("answered", len(data))
        self._note("closed")
        # What follows it stays here.
        self._waiting = True
        self.link.connection.answer(self.request, data)

    def deliver_aside(self, data: bytes) -> None:
        """Deliver bytes to the upstream over a connection of their own."""
        self._note("duplicated", len(data))
        self.link.deliver_aside(data)

    def close(self) -> None:
        """Close both ends of the connection, after what was passed on."""
        self._note("closed")
        self.link.close_connection()

    def reset(self) -> None:
        """Reset both ends of the connection."""
        self._note("reset")
        self.link.reset_connection()

    def _note(self, action: str, size: int = 0, seconds: float = 0.0) -> None:
        self.link.connection.note(self.applied, action, size=size, seconds=seconds)

    def _release(self, due: float) -> None:
        if self._loop.time() < due:
            self._timer = self._loop.call_soon(self._release, due)
            return
        self._timer = None
        chunk, rest = self._take_hand()
        if chunk is None:
            return
        self.request = chunk.request
        # The next toxic counts from when this one let go, as for a packet on its way.
        self.send(chunk.data, received=due)
        if rest:
            self._queue.appendleft(Chunk(rest, due, self.request))
            self.link.keep(len(rest))
        self.pump()

    def _interrupt(self) -> None:
        for timer in (self._timer, self._alarm):
            if timer is not None:
                timer.cancel()
        self._timer = self._alarm = None
        chunk, rest = self._take_hand()
        if chunk is not None:
            self.request = chunk.request
            self.send(chunk.data + rest, received=chunk.received)

    def _toxic_of_connection(self) -> Toxic:
        """Return what handles a connection's begin and end: the toxic once it is meant for it."""
        spared = self._draw >= self.applied.toxicity or not self._begun
        return NOOP if spared else self.applied.toxic

    def _take_hand(self) -> tuple[Chunk | None, bytes]:
        chunk, rest = self._hand, self._rest
        self._hand, self._rest, self._waiting = None, b"", False
        if chunk is not None:
            self.link.let_go(len(chunk.data) + len(rest))
        return chunk, rest
