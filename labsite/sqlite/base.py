"""Django's SQLite backend, with a queue for the writers of one process.

SQLite lets one connection write at a time and makes the others look again after ever longer pauses,
up to a tenth of a second. Threads of one process can do better: they wait for one another, and who
waits is woken at once. Between processes SQLite's own waiting still holds.
"""

from __future__ import annotations

import threading
from functools import partial
from typing import Any, ClassVar

from django.db.backends.sqlite3 import base

_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
_LONGEST_KEYWORD = max(len(word) for word in _WRITES)


class Turn:
    """One connection's place in the queue of those who write to a database."""

    def __init__(self, lock: threading.Lock, *, seconds: float) -> None:
        self._lock = lock
        self._seconds = seconds
        self.taken = False

    def take(self) -> None:
        """Wait for the turn; after the time that SQLite would wait, go on and let SQLite judge."""
        if not self.taken:
            self.taken = self._lock.acquire(timeout=self._seconds)

    def give_back(self) -> None:
        """Let the next one write."""
        if self.taken:
            self.taken = False
            self._lock.release()


class Cursor(base.SQLiteCursorWrapper):
    """A cursor that takes its turn for a write outside a transaction."""

    def __init__(self, connection: Any, *, turn: Turn) -> None:
        super().__init__(connection)
        self._turn = turn

    def execute(self, query: str, params: Any = None) -> Any:
        """Execute ``query``."""
        if self._turn.taken or not _is_write(query):
            return super().execute(query, params)
        self._turn.take()
        try:
            return super().execute(query, params)
        finally:
            self._turn.give_back()


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection; its transactions hold their turn from BEGIN to the end."""

    _locks: ClassVar[dict[str, threading.Lock]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn: Turn | None = None

    def create_cursor(self, name: str | None = None) -> Any:
        """Make a cursor."""
        del name
        return self.connection.cursor(factory=partial(Cursor, turn=self._own_turn()))

    def close(self) -> None:
        """Close the connection, which ends its transaction."""
        try:
            super().close()
        finally:
            self._end_turn()

    def _own_turn(self) -> Turn:
        if self._turn is None:
            lock = self._locks.setdefault(str(self.settings_dict["NAME"]), threading.Lock())
            seconds = float(self.settings_dict["OPTIONS"].get("timeout", 5))
            self._turn = Turn(lock, seconds=seconds)
        return self._turn

    def _end_turn(self) -> None:
        if self._turn is not None:
            self._turn.give_back()

    def _start_transaction_under_autocommit(self) -> None:
        self._own_turn().take()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc] # the stubs leave it out
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc] # the stubs leave it out
        # Not when it failed: then the transaction goes on until it is rolled back.
        self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc] # the stubs leave it out
        finally:
            self._end_turn()


def _is_write(query: str) -> bool:
    return query.lstrip()[:_LONGEST_KEYWORD].upper().startswith(_WRITES)
