"""How long a thread waits for the database: one bound for all that it asks within a piece of work.

Only what is waited for in vain counts: a server that answers may be asked as often as is needed.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_SECONDS = 10.0
"""The longest wait for a statement, and for all that a request or a step of a loop asks in vain.

Longer than the server lets anybody wait for a lock: its own word says more.
"""

CONNECTION_SECONDS = 5.0
"""The longest wait for a connection of the pool, and for a lock."""

_thread = threading.local()


@contextmanager
def patience(seconds: float) -> Iterator[float]:
    """Wait within for ``seconds`` at most, less where this thread has less left; yields how long.

    It bounds PostgreSQL alone: SQLite has a bound for locks.
    """
    before: float | None = getattr(_thread, "left", None)
    began = time.monotonic()
    _thread.left = seconds if before is None else min(seconds, before)
    try:
        yield _thread.left
    except Exception as error:
        answered = getattr(error, "sqlstate", None) is not None
        if before is not None and not answered:
            before = max(0.0, before - (time.monotonic() - began))
        raise
    finally:
        _thread.left = before
