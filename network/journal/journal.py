"""Entries of a link's journal, put together while nothing about them changes."""

from __future__ import annotations

import re
import time
from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from network.direction import UPSTREAM

if TYPE_CHECKING:
    from network.direction import Direction
    from network.toxics.applied import Applied

REACHED: Final = "reached"
"""The request, or its beginning, has been passed on to the upstream."""

MOST_RECENT: Final = 1_000
MOST_OPEN: Final = 10_000

_TRACEPARENT: Final = re.compile(rb"\r\ntraceparent:[ \t]*00-([0-9a-f]{32})-([0-9a-f]{16})-", re.I)
_REQUEST_ID: Final = re.compile(rb"\r\nx-request-id:[ \t]*([\x21-\x7e]{1,100})[ \t]*\r", re.I)


class Origin(NamedTuple):
    """The request that crossed, by what its head says; empty where it says nothing."""

    trace_id: str = ""
    span_id: str = ""
    request_id: str = ""


@dataclass(slots=True)
class Entry:
    """What one toxic did to one connection, of one kind, for one request.

    ``delay_ms`` is the longest delay of its chunks; times are nanoseconds of the system's clock.
    What a ``silent`` toxic did is shown to who asks the link, and sent to nobody.
    """

    proxy: str
    connection: int
    stream: Direction
    toxic: str
    type: str
    action: str
    trace_id: str
    span_id: str
    request_id: str
    started_ns: int
    ended_ns: int
    times: int = 0
    bytes: int = 0
    delay_ms: float = 0.0
    silent: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return what the HTTP API shows."""
        return asdict(self)


class Journal:
    """Notes what toxics do, many chunks in one entry; the oldest go when there are too many."""

    def __init__(self) -> None:
        self.totals: Counter[tuple[str, str, Direction, str]] = Counter()
        """How often, by proxy, type of toxic, stream and action."""
        self.unsent = 0
        """How many entries were too many to be sent."""
        self._open: dict[tuple[Any, ...], Entry] = {}
        self._recent: deque[Entry] = deque(maxlen=MOST_RECENT)

    def note(
        self,
        proxy: str,
        connection: int,
        applied: Applied,
        action: str,
        *,
        head: bytes,
        size: int = 0,
        seconds: float = 0.0,
    ) -> None:
        """Note that a toxic did ``action``; ``head`` is the request that crossed last."""
        self.totals[proxy, applied.toxic.kind, applied.stream, action] += 1
        now = time.time_ns()
        entry = self._entry(proxy, connection, applied, action, head=head, now=now)
        entry.times += 1
        entry.bytes += size
        entry.delay_ms = max(entry.delay_ms, round(seconds * 1000, 3))
        entry.ended_ns = now

    def note_reached(
        self, proxy: str, connection: int, applied: Applied, *, head: bytes, at_ns: int
    ) -> None:
        """Note that a request to which a toxic did something was passed on to the upstream."""
        self._entry(proxy, connection, applied, REACHED, head=head, now=at_ns).times = 1

    def _entry(
        self, proxy: str, connection: int, applied: Applied, action: str, *, head: bytes, now: int
    ) -> Entry:
        origin = origin_of(head)
        stream = UPSTREAM if action == REACHED else applied.stream
        key = (proxy, connection, applied.name, stream, action, origin)
        if key not in self._open:
            if len(self._open) >= MOST_OPEN:
                self._recent.append(self._open.pop(next(iter(self._open))))
            self._open[key] = Entry(
                proxy, connection, stream, applied.name, applied.toxic.kind, action,
                *origin, now, now, silent=applied.silent,
            )  # fmt: skip
        return self._open[key]

    def take(self) -> list[Entry]:
        """Close the open entries and return them."""
        entries = list(self._open.values())
        self._open.clear()
        self._recent.extend(entries)
        return entries

    def of(self, proxy: str) -> list[Entry]:
        """Return the last entries of a proxy, the open ones too, oldest first."""
        return [each for each in (*self._recent, *self._open.values()) if each.proxy == proxy]


def origin_of(head: bytes) -> Origin:
    """Read the trace and the requestId of a request's head."""
    trace, request = _TRACEPARENT.search(head), _REQUEST_ID.search(head)
    return Origin(
        trace[1].decode() if trace else "",
        trace[2].decode() if trace else "",
        request[1].decode() if request else "",
    )
