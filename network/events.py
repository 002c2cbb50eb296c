"""What connections do, for a page that shows messages moving."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, Final, TypedDict

if TYPE_CHECKING:
    from network.seams import ConnectionOf, LinkOf
    from network.stream import Direction

MAX_EVENTS: Final = 4096
MAX_EVENTS_AN_ANSWER: Final = 1000
# Without a reader for so long, nothing is noted any more.
READER_GONE_SECONDS: Final = 10.0
# Bytes of one stream within this time are one event.
MERGE_SECONDS: Final = 0.05


class Event(TypedDict):
    """Something that happened to a connection."""

    seq: int
    time_unix_nano: str
    proxy: str
    connection: int
    stream: Direction | None
    kind: str
    bytes: int


class Events:
    """A ring of the latest events; it forgets the oldest, and notes nothing without a reader."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.wanted = False
        self._loop = loop
        self._ring: deque[Event] = deque(maxlen=MAX_EVENTS)
        self._seq = 0
        self._merging: dict[LinkOf, int] = {}
        self._arrived = asyncio.Event()
        self._gone: asyncio.TimerHandle | None = None

    async def after(self, since: int | None, *, wait_seconds: float) -> dict[str, object]:
        """Return the events after ``since``, waiting for one; without ``since``, where to begin."""
        self._keep_reading()
        if since is None:
            since = self._seq
        elif since >= self._seq:
            self._arrived.clear()
            try:
                async with asyncio.timeout(wait_seconds):
                    await self._arrived.wait()
            except TimeoutError:
                pass
            self._keep_reading()
        # A number from before a restart is past all of ours: begin anew.
        since = min(since, self._seq)
        oldest = self._seq - len(self._ring)
        skipped = max(0, since - oldest)
        events = list(islice(self._ring, skipped, skipped + MAX_EVENTS_AN_ANSWER))
        following = events[-1]["seq"] if events else self._seq
        return {"events": events, "next": following, "gap": since < oldest}

    def note(
        self, connection: ConnectionOf, *, kind: str, stream: Direction | None = None, size: int = 0
    ) -> Event:
        """Add an event."""
        self._seq += 1
        event: Event = {
            "seq": self._seq,
            "time_unix_nano": str(time.time_ns()),
            "proxy": connection.proxy.name,
            "connection": connection.number,
            "stream": stream,
            "kind": kind,
            "bytes": size,
        }
        self._ring.append(event)
        self._arrived.set()
        return event

    def data(self, link: LinkOf, size: int) -> None:
        """Add bytes that a source sent; what follows within a moment is added up in one event."""
        merged = self._merging.get(link)
        if merged is None:
            self.note(link.connection, kind="data", stream=link.stream, size=size)
            self._merging[link] = 0
            self._loop.call_later(MERGE_SECONDS, self._flush, link)
        else:
            self._merging[link] = merged + size

    def _flush(self, link: LinkOf) -> None:
        size = self._merging.pop(link)
        if size:
            self.note(link.connection, kind="data", stream=link.stream, size=size)

    def _keep_reading(self) -> None:
        self.wanted = True
        if self._gone is not None:
            self._gone.cancel()
        self._gone = self._loop.call_later(READER_GONE_SECONDS, self._reader_gone)

    def _reader_gone(self) -> None:
        self.wanted = False
