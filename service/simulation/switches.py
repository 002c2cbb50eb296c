"""Faults in a service's code: somebody turns them on, and they turn themselves off again."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Switched:
    """One fault that is on. ``expires_at`` is in monotonic seconds; None is for ever."""

    id: str
    kind: str
    target: str
    parameters: Mapping[str, Any]
    expires_at: float | None = None


class Switches:
    """The faults that are on in this process, by id; thread-safe.

    Reading costs a lookup: it is done for every request.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._switched: tuple[Switched, ...] = ()

    def set(self, switched: Switched) -> None:
        """Turn a fault on; one with the same id is replaced."""
        with self._lock:
            now = self._clock()
            # Those that are over are dropped here: their number is then that of those in force.
            others = (each for each in self._switched if each.id != switched.id)
            self._switched = (*(each for each in others if not _over(each, now)), switched)

    def heal(self, switch_id: str | None = None) -> None:
        """Turn one fault off, or all; what is off already stays off."""
        with self._lock:
            self._switched = tuple(
                each for each in self._switched if switch_id is not None and each.id != switch_id
            )

    def find(self, target: str, kind: str) -> Switched | None:
        """Return the fault of ``kind`` on ``target`` that was turned on last, or None."""
        if not self._switched:
            return None
        now = self._clock()
        for each in reversed(self._switched):
            if each.target == target and each.kind == kind and not _over(each, now):
                return each
        return None

    def active(self) -> list[Switched]:
        """List the faults that are on."""
        now = self._clock()
        return [each for each in self._switched if not _over(each, now)]

    def remaining(self, switched: Switched) -> float | None:
        """Seconds until ``switched`` turns itself off; None for never."""
        if switched.expires_at is None:
            return None
        return max(0.0, switched.expires_at - self._clock())

    def expiry(self, ttl_seconds: float | None) -> float | None:
        """Turn a time to live into a moment on this object's clock."""
        return None if ttl_seconds is None else self._clock() + ttl_seconds


def _over(switched: Switched, now: float) -> bool:
    return switched.expires_at is not None and switched.expires_at <= now
