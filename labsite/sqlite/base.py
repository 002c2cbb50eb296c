"""Django's SQLite backend, with a queue for the writers of one process and rows in handfuls.

SQLite lets one connection write at a time and makes the others look again after ever longer pauses,
up to a tenth of a second. Threads of one process can do better: they wait for one another, and who
waits is woken at once. Between processes SQLite's own waiting still holds.

Python gives its lock away for every row that `executemany` hands to SQLite, and gets it back only
when no other thread wants it: beside a busy one, a row took milliseconds. So rows go to SQLite many
in one statement.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache, partial
from itertools import chain
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from django.db.backends.sqlite3 import base

if TYPE_CHECKING:
    from collections.abc import Iterable

_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
_LONGEST_KEYWORD = max(len(word) for word in _WRITES)
_ONE_ROW = re.compile(r"\bVALUES\s*(\((?:%s,\s*)*%s\))")
# What every SQLite takes that Django works with.
_MAX_PARAMETERS = 999


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

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        """Execute ``query`` for each row, as many rows at a time as one statement can take."""
        rows = list(param_list)
        many = _of_many_rows(query)
        if many is None:
            return super().executemany(query, rows)
        whole = len(rows) - len(rows) % many.rows
        for first in range(0, whole, many.rows):
            of_these = rows[first : first + many.rows]
            super(base.SQLiteCursorWrapper, self).execute(
                many.query, list(chain.from_iterable(of_these))
            )
        return super().executemany(query, rows[whole:])


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


class _ManyRows(NamedTuple):
    query: str
    rows: int


@lru_cache
def _of_many_rows(query: str) -> _ManyRows | None:
    """Make an INSERT of one row one of many, ready for SQLite; None where it is no such."""
    found = _ONE_ROW.search(query)
    if found is None or "%" in query.replace("%s", ""):
        return None
    if query.count("%s") != found[1].count("%s"):
        return None
    rows = _MAX_PARAMETERS // found[1].count("%s")
    values = ", ".join([found[1].replace("%s", "?")] * rows)
    return _ManyRows(query[: found.start(1)] + values + query[found.end(1) :], rows)
