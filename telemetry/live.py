"""The live feed: what is stored reaches every open page, in order, nothing twice, nothing missed.

A page names the last ``seq`` that it has. The consumer reads on from there out of the database, a
page at a time, whenever it is told that there is more: a slow browser falls behind and catches up,
and nothing is kept in memory for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import orjson
from asgiref.sync import sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from django.db import connections

from telemetry import queries
from telemetry.stats import stats
from telemetry.store import last_seq
from telemetry.wire import log_json, span_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from telemetry.store import Stored

TELEMETRY_GROUP = "telemetry"
LAB_GROUP = "lab"
_FRAME_RECORDS = 500
_COALESCE_SECONDS = 0.03
_BAD_CURSOR = 4400


class LiveConsumer(AsyncWebsocketConsumer):
    """One open page."""

    cursor: int
    _more: asyncio.Event
    _pump: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """Say where the feed stands, then follow it from the page's cursor."""
        await self.accept()
        given = parse_qs(self.scope["query_string"].decode("latin-1")).get("cursor", [""])[0]
        if given and not (given.isascii() and given.isdecimal()):
            await self.close(_BAD_CURSOR)
            return
        newest, oldest, told = await sync_to_async(_standing)()
        # A cursor beyond what is stored comes from another database: start afresh.
        self.cursor = int(given) if given and int(given) <= newest else newest
        gap = bool(given) and (int(given) > newest or int(given) + 1 < oldest)
        await self._say(
            {"type": "hello", "cursor": self.cursor, "oldest": oldest, "gap": gap, "stats": told}
        )
        self._more = asyncio.Event()
        self._more.set()
        await self.channel_layer.group_add(TELEMETRY_GROUP, self.channel_name)
        await self.channel_layer.group_add(LAB_GROUP, self.channel_name)
        self._pump = asyncio.create_task(self._follow())

    async def disconnect(self, code: int) -> None:
        """Stop following."""
        del code
        await self.channel_layer.group_discard(TELEMETRY_GROUP, self.channel_name)
        await self.channel_layer.group_discard(LAB_GROUP, self.channel_name)
        if self._pump is not None:
            self._pump.cancel()
        await sync_to_async(connections.close_all)()

    async def telemetry_batch(self, event: dict[str, Any]) -> None:
        """There is more to read."""
        if event["cursor"] > self.cursor:
            self._more.set()

    async def lab_event(self, event: dict[str, Any]) -> None:
        """Pass on what another room announces."""
        await self._say(event["event"])

    async def _follow(self) -> None:
        while True:
            await self._more.wait()
            self._more.clear()
            while await self._send_next():
                pass
            # What comes within a moment goes into one frame.
            await asyncio.sleep(_COALESCE_SECONDS)

    async def _send_next(self) -> bool:
        spans, logs, cursor = await sync_to_async(queries.records_after)(
            self.cursor, limit=_FRAME_RECORDS
        )
        if cursor == self.cursor:
            return False
        self.cursor = cursor
        await self._say(
            {
                "type": "batch",
                "cursor": cursor,
                "spans": [span_json(span) for span in spans],
                "logs": [log_json(log) for log in logs],
            }
        )
        return len(spans) + len(logs) >= _FRAME_RECORDS

    async def _say(self, frame: dict[str, Any]) -> None:
        await self.send(text_data=orjson.dumps(frame).decode())


class Pages:
    """Reaches the open pages from any thread, through the event loop that serves them.

    A channel layer's queues belong to that loop: what another one puts there wakes nobody.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._sending: set[asyncio.Task[None]] = set()
        self._newest = 0
        self._told = 0
        self._lock = threading.Lock()

    def served_by(self, loop: asyncio.AbstractEventLoop) -> None:
        """Learn which loop serves; before that, no page is open."""
        self._loop = loop

    def stored(self, stored: Stored) -> None:
        """Hear of a commit, and tell the pages without waiting for any."""
        with self._lock:
            waits = self._newest > self._told
            self._newest = max(self._newest, stored.cursor)
        if not waits:
            self._call(self._tell_newest)

    def announce(self, event: dict[str, Any]) -> None:
        """Send ``event``, a ready frame, to every open page."""
        self._call(self._send, LAB_GROUP, {"type": "lab.event", "event": event})

    def _tell_newest(self) -> None:
        with self._lock:
            self._told = self._newest
        self._send(TELEMETRY_GROUP, {"type": "telemetry.batch", "cursor": self._told})

    def _send(self, group: str, message: dict[str, Any]) -> None:
        layer = get_channel_layer()
        if layer is not None:
            task = asyncio.ensure_future(layer.group_send(group, message))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    def _call(self, function: Callable[..., None], *arguments: Any) -> None:
        if self._loop is not None:
            # The loop may end between a commit and the news of it.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(function, *arguments)


PAGES = Pages()


def _standing() -> tuple[int, int, dict[str, Any]]:
    return last_seq(), queries.oldest_seq(), stats()
