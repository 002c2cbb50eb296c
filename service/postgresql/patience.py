"""How long this thread waits for the database, where that differs from what all wait."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_thread = threading.local()


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Wait within for ``seconds``. It bounds PostgreSQL alone: SQLite has a bound for locks."""
    _thread.seconds = seconds
    try:
        yield
    finally:
        del _thread.seconds


def patience_seconds(usual: float) -> float:
    """Return how long this thread waits, which is ``usual`` unless it was told otherwise."""
    seconds: float = getattr(_thread, "seconds", usual)
    return seconds
