"""When to send a job again: exponential backoff with full jitter, within two budgets; pure."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from boundary.error_kind import ErrorKind

if TYPE_CHECKING:
    from collections.abc import Callable

# What the other side refused or garbled, it will refuse or garble again.
_FINAL = frozenset({ErrorKind.HTTP_4XX, ErrorKind.BAD_RESPONSE, ErrorKind.TLS})


@dataclass(frozen=True, slots=True)
class Policy:
    """How often, and how long to wait; ``budget_ms`` bounds one order's tries and waits."""

    max_attempts: int = 4
    base_ms: int = 100
    cap_ms: int = 1_000
    budget_ms: int = 4_000
    uniform: Callable[[float, float], float] = field(default=random.SystemRandom().uniform)

    def wait_ms(self, attempt: int, kind: ErrorKind | None, *, spent_ms: float = 0.0) -> int | None:
        """Milliseconds to wait after attempt number ``attempt``; None when there is no next.

        The wait is anything from nothing to the backoff, so that callers that failed together do
        not come back together.
        """
        if kind is None or kind in _FINAL or attempt >= self.max_attempts:
            return None
        wait = round(self.uniform(0, min(self.cap_ms, self.base_ms * 2 ** (attempt - 1))))
        return wait if spent_ms + wait < self.budget_ms else None


class Budget:
    """What all orders together may spend on retries: a worker in trouble gets little more load.

    Each order earns a share of a retry, up to ``capacity``; each retry costs one. Thread-safe.
    """

    def __init__(self, *, capacity: float = 20.0, share: float = 0.5) -> None:
        self._capacity = capacity
        self._share = share
        self._left = capacity
        self._lock = threading.Lock()

    def earn(self) -> None:
        """Count one order."""
        with self._lock:
            self._left = min(self._capacity, self._left + self._share)

    def spend(self) -> bool:
        """Take one retry; False when none is left."""
        with self._lock:
            if self._left < 1:
                return False
            self._left -= 1
            return True
