"""Orders that have changed, sent to the open pages as both services hold them.

A hint says that an order is new or another; what it now is, is asked of both sides. Frames are
numbered. After a while without a change the number is sent alone, so that a page that missed the
last frames notices, and reads the list itself.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from base.loops import Loop
from dashboard import both_sides, signals
from telemetry.reading import queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

MAX_WAITING = 1_000
MAX_SENT = 100
_GATHER_SECONDS = 0.15
_QUIET_SECONDS = 2.0
_RETRY_SECONDS = 2.0


class LiveOrders:
    """Gathers hints and sends frames, from a thread of its own; nothing while no page is open."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._order_ids: dict[str, None] = {}
        self._trace_ids: dict[str, None] = {}
        self._any = False
        self._idle = False
        self._number = 0
        self._repeat_at: float | None = None
        self._unanswered: dict[str, Any] = {}
        self._is_watched: Callable[[], bool] = lambda: False
        self._loop = Loop("live-orders", self._step, every=None)

    def start(self, *, is_watched: Callable[[], bool]) -> None:
        """Begin to send; ``is_watched`` says whether any page is open."""
        self._is_watched = is_watched
        self._loop.start()

    def stop(self) -> None:
        """Send no more."""
        self._loop.stop(seconds=1)

    def greeting(self) -> dict[str, int]:
        """Return the first frame of a page: the number of the newest one."""
        return {"ordersNumber": self._number}

    def changed(self, *, order_ids: Iterable[str] = (), trace_ids: Iterable[str] = ()) -> None:
        """Note orders that have changed, or traces whose order, if they have one, has."""
        if not self._is_watched():
            return
        with self._lock:
            self._order_ids |= dict.fromkeys(order_ids)
            self._trace_ids |= dict.fromkeys(trace_ids)
            if len(self._order_ids) + len(self._trace_ids) > MAX_WAITING:
                self._forget(any_order=True)
        self._wake()

    def any_changed(self) -> None:
        """Note that any order may have changed."""
        with self._lock:
            self._forget(any_order=True)
        self._wake()

    def _wake(self) -> None:
        if self._idle:
            self._loop.wake()

    def _forget(self, *, any_order: bool) -> None:
        self._order_ids, self._trace_ids, self._any = {}, {}, any_order

    def _step(self) -> float | None:
        self._idle = False
        any_order, ids = self._take()
        if not self._is_watched():
            self._repeat_at = None
        elif any_order:
            self._send({"any": True})
            return _GATHER_SECONDS
        elif ids:
            return self._send_orders(ids)
        self._idle = True
        if self._any or self._order_ids or self._trace_ids:
            return 0.0
        return self._until_repeat()

    def _until_repeat(self) -> float | None:
        if self._repeat_at is None:
            return None
        left = self._repeat_at - time.monotonic()
        if left > 0:
            return left
        self._announce({})
        self._repeat_at = None
        return None

    def _take(self) -> tuple[bool, list[str]]:
        with self._lock:
            any_order, self._any = self._any, False
            trace_ids, self._trace_ids = list(self._trace_ids), {}
        of_traces = queries.orders_of_traces(trace_ids)
        with self._lock:
            self._order_ids |= dict.fromkeys(of_traces)
            ids = list(self._order_ids)[:MAX_SENT]
            for each in ids:
                del self._order_ids[each]
        return any_order, ids

    def _send_orders(self, ids: Sequence[str]) -> float:
        listed = both_sides.of_orders(ids)
        if listed["apiAnswers"] and listed["workerAnswers"]:
            self._unanswered = {}
            self._send(listed)
            return _GATHER_SECONDS
        if listed != self._unanswered:
            self._unanswered = listed
            self._send(listed)
        # Until both sides answer, they are asked again.
        with self._lock:
            self._order_ids |= dict.fromkeys(ids)
        self._idle = True
        return _RETRY_SECONDS

    def _send(self, content: dict[str, Any]) -> None:
        self._number += 1
        self._repeat_at = time.monotonic() + _QUIET_SECONDS
        self._announce(content)

    def _announce(self, content: dict[str, Any]) -> None:
        frame = {"type": "orders", "number": self._number, **content}
        signals.orders_changed.send_robust(type(self), frame=frame)


LIVE_ORDERS = LiveOrders()
