"""The live feed: what is stored reaches every open page, in order, nothing twice, nothing missed.

A page names the last ``seq`` that it has. The consumer reads on from there out of the database, a
page at a time, whenever there is more: a slow browser falls behind and catches up,
and nothing is kept in memory for it. Of a record it sends what is shown at once, within bounds,
however large its attributes are.
"""

from __future__ import annotations

import asyncio
import collections
import time
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import parse_qs

import orjson
from asgiref.sync import sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.db import Error, connections

from base.loops import DONE, Loop, Task
from base.numbers import whole_number
from base.patience import LONGEST_SECONDS, patience
from telemetry.live.brief import brief_log, brief_span
from telemetry.live.sharing import Sharing
from telemetry.reading import queries
from telemetry.reading.colours import colours
from telemetry.reading.probes import probes_among
from telemetry.reading.stats import stats
from telemetry.store.retention import last_seq

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from telemetry.store.insertion import Stored

T = TypeVar("T")

TELEMETRY_GROUP = "telemetry"
LAB_GROUP = "lab"
_FRAME_RECORDS = 500
_COALESCE_SECONDS = 0.03
_LOOK_SECONDS = 2.0
# How long a channel layer that was away may take until every page hears of news again.
_HEARD_AGAIN_SECONDS = 3.0
_COME_AGAIN = 4012
_BAD_CURSOR = 4400
_MAX_WAITING_EVENTS = 1_000
_SEND_SECONDS = 5.0


class LiveConsumer(AsyncWebsocketConsumer):
    """One open page."""

    cursor: int
    _opened_at = 0.0
    _announced = 0
    _follower: Task | None = None
    _joiner: Task | None = None

    async def __call__(self, *arguments: Any) -> None:
        """Serve one connection; whatever ends it, nothing of it goes on."""
        PAGES.open += 1
        try:
            await super().__call__(*arguments)
        finally:
            PAGES.open -= 1
            await self._stop_following()

    async def connect(self) -> None:
        """Send the feed's cursor, then follow it from the page's own."""
        await self.accept()
        given = parse_qs(self.scope["query_string"].decode("latin-1")).get("cursor", [""])[0]
        cursor = whole_number(given, highest=2**63 - 1)
        if given and cursor is None:
            await self.close(_BAD_CURSOR)
            return
        self._opened_at = time.monotonic()
        greeting = PAGES.greeting()
        newest, oldest, figures = await _read(_standing)
        # A cursor beyond what is stored comes from another database: start afresh.
        self.cursor = cursor if cursor is not None and cursor <= newest else newest
        gap = cursor is not None and (cursor > newest or cursor + 1 < oldest)
        await self._send_frame(
            {
                "type": "hello",
                "cursor": self.cursor,
                "oldest": oldest,
                "gap": gap,
                "stats": figures,
                **greeting,
            }
        )
        every = _look_seconds(self.channel_layer)
        self._follower = Task("live-page", self._follow, every=every)
        self._follower.start()
        if every is None:
            await self._join()
        else:
            # Beside it: the layer's server may stand still.
            self._joiner = Task("live-page", self._join)
            self._joiner.start()

    async def disconnect(self, code: int) -> None:
        """Stop following."""
        del code
        await self._stop_following()
        await self.channel_layer.group_discard(TELEMETRY_GROUP, self.channel_name)
        await self.channel_layer.group_discard(LAB_GROUP, self.channel_name)
        await sync_to_async(connections.close_all)()

    async def telemetry_batch(self, event: dict[str, Any]) -> None:
        """There is more to read."""
        self._announced = max(self._announced, event["cursor"])
        if event["cursor"] > self.cursor and self._follower is not None:
            self._follower.wake()

    async def lab_event(self, event: dict[str, Any]) -> None:
        """Pass on what another room announces."""
        await self._send_frame(event["event"])

    async def _follow(self) -> float | None:
        while await self._send_next():
            pass
        if self._opened_at < PAGES.sent_again_at < time.monotonic() - _HEARD_AGAIN_SECONDS:
            # News may have been lost: a page reads all that is no record when it comes again.
            await self.close(_COME_AGAIN)
            return DONE
        # What comes within a moment goes into one frame.
        await asyncio.sleep(_COALESCE_SECONDS)
        return None

    async def _join(self) -> float | None:
        await self.channel_layer.group_add(TELEMETRY_GROUP, self.channel_name)
        await self.channel_layer.group_add(LAB_GROUP, self.channel_name)
        # What was stored before was announced to others.
        self._announced = max(self._announced, PAGES.newest)
        if self._follower is not None:
            self._follower.wake()
        return DONE

    async def _stop_following(self) -> None:
        for task in (self._follower, self._joiner):
            if task is not None:
                await task.stop()

    async def _send_next(self) -> bool:
        # Who has heard of the same may share: it was stored before anybody began to read.
        asked = (self.cursor, self._announced)
        frame = await _FRAMES.read(asked, partial(_frame_after, self.cursor))
        if frame.cursor == self.cursor:
            return False
        await self.send(text_data=frame.text)
        self.cursor = frame.cursor
        return frame.is_full

    async def _send_frame(self, frame: dict[str, Any]) -> None:
        await self.send(text_data=orjson.dumps(frame).decode())


class _Frame(NamedTuple):
    """Records as they are sent to pages, and the cursor after them."""

    text: str
    cursor: int
    is_full: bool
    """Whether there may be more."""


_FRAMES = Sharing[_Frame]()


async def _frame_after(cursor: int) -> _Frame:
    spans, logs, newest = await _read(partial(queries.records_after, cursor, limit=_FRAME_RECORDS))
    if newest == cursor:
        return _Frame("", cursor, is_full=False)
    trace_ids = {span.trace_id for span in spans} | {log.trace_id for log in logs}
    services = {span.resource.service_name for span in spans}
    services |= {log.resource.service_name for log in logs}
    frame = {
        "type": "batch",
        "cursor": newest,
        "spans": [brief_span(span) for span in spans],
        "logs": [brief_log(log) for log in logs],
        "colours": await _read(partial(colours, services)),
        "probes": sorted(await _read(partial(probes_among, trace_ids))),
    }
    is_full = len(spans) + len(logs) >= _FRAME_RECORDS
    return _Frame(orjson.dumps(frame).decode(), newest, is_full)


def _look_seconds(layer: object) -> float | None:
    """How often a page looks for news unasked: what is announced while a server is away is lost.

    A layer in this process loses nothing, and its pages rest.
    """
    return None if isinstance(layer, InMemoryChannelLayer) else _LOOK_SECONDS


class Pages:
    """Reaches the open pages from any thread, through the event loop that serves them.

    A channel layer's queues belong to that loop: what another one puts there wakes nobody. Events
    are sent in their order; when more than `_MAX_WAITING_EVENTS` wait the oldest are dropped.
    ``open`` counts the pages that this process serves; ``greeting`` is what other rooms add to the
    first frame of each; ``newest`` is the newest cursor that is stored. ``sent_again_at`` is when
    sending last succeeded after failures, in monotonic seconds: what was sent before may have
    reached nobody.
    """

    def __init__(self) -> None:
        self.open = 0
        self.sent_again_at = 0.0
        self._failed = False
        self.greeting: Callable[[], Mapping[str, Any]] = dict
        self._serving: asyncio.AbstractEventLoop | None = None
        self.newest = 0
        self._announced = 0
        self._events: collections.deque[dict[str, Any]] = collections.deque(
            maxlen=_MAX_WAITING_EVENTS
        )
        self._loop = Loop("live-news", self._step, every=None)

    def served_by(self, loop: asyncio.AbstractEventLoop) -> None:
        """Learn which loop serves; before that, no page is open."""
        self._serving = loop

    def start(self) -> None:
        """Begin to send."""
        self._loop.start()

    def stop(self) -> None:
        """Send no more."""
        self._loop.stop(seconds=1)

    def stored(self, stored: Stored) -> None:
        """Announce a commit, without waiting for any page."""
        self.newest = max(self.newest, stored.cursor)
        # A page that opens from now on begins with the newest; other processes' pages are unknown.
        if self.open or not isinstance(get_channel_layer(), InMemoryChannelLayer):
            self._loop.wake()

    def announce(self, event: dict[str, Any]) -> None:
        """Send ``event``, a ready frame, to every open page."""
        self._events.append(event)
        self._loop.wake()

    def _step(self) -> None:
        try:
            self._send_waiting()
        except BaseException:
            self._failed = True
            raise
        if self._failed:
            self._failed = False
            self.sent_again_at = time.monotonic()

    def _send_waiting(self) -> None:
        # Only the newest cursor counts: a page reads on from its own.
        newest = self.newest
        if newest > self._announced:
            self._send(TELEMETRY_GROUP, {"type": "telemetry.batch", "cursor": newest})
            self._announced = newest
        while self._events and not self._loop.stopping:
            event = self._events[0]
            self._send(LAB_GROUP, {"type": "lab.event", "event": event})
            # Unless it fell out meanwhile, since too many waited.
            if self._events and self._events[0] is event:
                self._events.popleft()

    def _send(self, group: str, message: Mapping[str, Any]) -> None:
        layer = get_channel_layer()
        if layer is not None and self._serving is not None and self._serving.is_running():
            sent = asyncio.run_coroutine_threadsafe(
                layer.group_send(group, dict(message)), self._serving
            )
            sent.result(_SEND_SECONDS)


PAGES = Pages()


def _standing() -> tuple[int, int, dict[str, Any]]:
    return last_seq(), queries.oldest_seq(), stats()


async def _read(question: Callable[[], T]) -> T:
    """Ask the database in the thread that all pages share, and leave it no broken connection."""

    def ask() -> T:
        try:
            with patience(LONGEST_SECONDS):
                return question()
        except Error:
            connections.close_all()
            raise

    return await sync_to_async(ask)()
