"""Django's SQLite backend, with a lock for the writers of one process and batched inserts.

SQLite lets one connection write at a time; the others poll with growing pauses of up to 100 ms.
Threads of one process wait for a lock instead, and are woken at once. Between processes SQLite's
own polling still applies.

Python releases the GIL for every row of `executemany` and waits to get it back: beside a busy
thread, a row took milliseconds. So many rows are inserted by one statement, and what is left by
statements of half as many each.

What every order goes through is executed without a cursor of Django's: a third of the time.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache, partial
from itertools import chain
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.backends.sqlite3 import base

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
_LONGEST_KEYWORD = max(len(word) for word in _WRITES)
_ONE_ROW = re.compile(r"\bVALUES\s*(\((?:%s,\s*)*%s\))")
# The limit of the oldest SQLite that Django supports.
_MAX_PARAMETERS = 999


class WriteSlot:
    """One connection's hold on the write lock of a database."""

    def __init__(self, lock: threading.Lock, *, seconds: float) -> None:
        self._lock = lock
        self._seconds = seconds
        self.held = False

    def acquire(self) -> None:
        """Wait for the lock; after SQLite's own timeout, proceed and leave it to SQLite."""
        if not self.held:
            self.held = self._lock.acquire(timeout=self._seconds)

    def release(self) -> None:
        """Release the lock, if it is held."""
        if self.held:
            self.held = False
            self._lock.release()


class Cursor(base.SQLiteCursorWrapper):
    """A cursor that acquires the write slot for a write outside a transaction."""

    def __init__(self, connection: Any, *, slot: WriteSlot) -> None:
        super().__init__(connection)
        self._slot = slot

    def execute(self, query: str, params: Any = None) -> Any:
        """Execute ``query``."""
        if self._slot.held or not _is_write(query):
            return super().execute(query, params)
        self._slot.acquire()
        try:
            return super().execute(query, params)
        finally:
            self._slot.release()

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        """Execute ``query`` for each row, in batches of as many rows as one statement can have."""
        rows = list(param_list)
        size = _most_rows(query)
        if not size:
            return super().executemany(query, rows)
        place = 0
        while place < len(rows):
            while size > len(rows) - place:
                size //= 2
            batch = rows[place : place + size]
            super(base.SQLiteCursorWrapper, self).execute(
                _of_many_rows(query, size), list(chain.from_iterable(batch))
            )
            place += size
        return self


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection; its transactions hold the write slot from BEGIN to the end."""

    _locks: ClassVar[dict[str, threading.Lock]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._slot: WriteSlot | None = None

    def create_cursor(self, name: str | None = None) -> Any:
        """Make a cursor."""
        del name
        return self.connection.cursor(factory=partial(Cursor, slot=self._write_slot()))

    def run(self, statement: str, parameters: Sequence[Any]) -> tuple[int, list[Any]]:
        """Execute a statement as a cursor would: `service.rows.run`."""
        if self.connection is None:
            self.ensure_connection()
        self.validate_no_broken_transaction()
        own, is_write = _own(statement)
        slot = self._write_slot()
        takes = is_write and not slot.held
        if takes:
            slot.acquire()
        try:
            with self.wrap_database_errors:
                cursor = self.connection.execute(own, parameters)
                # To its end: only then is it committed, or its snapshot given up.
                rows = cursor.fetchall()
                return cursor.rowcount, rows
        finally:
            if takes:
                slot.release()

    def set_autocommit(
        self,
        autocommit: bool,  # noqa: FBT001 (Django calls it so)
        force_begin_transaction_with_broken_autocommit: bool = False,  # noqa: FBT001, FBT002 (as above)
    ) -> None:
        """Set autocommit; a transaction is begun with the write slot held."""
        begins = force_begin_transaction_with_broken_autocommit and not autocommit
        if begins:
            # Before the slot is held: opening a file may take a while.
            self.ensure_connection()
            self._write_slot().acquire()
        try:
            super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        except BaseException:
            if begins:
                self._release_slot()
            raise

    def commit(self) -> None:
        """Commit, and release the write slot."""
        super().commit()
        # Not after a failure: then the transaction is open until it is rolled back.
        self._release_slot()

    def rollback(self) -> None:
        """Roll back, and release the write slot."""
        try:
            super().rollback()
        finally:
            # In an atomic block Django refuses a manual rollback, and the transaction stays open.
            if not self.in_atomic_block:
                self._release_slot()

    def close(self) -> None:
        """Close the connection, which ends its transaction."""
        try:
            super().close()
        finally:
            self._release_slot()

    def _write_slot(self) -> WriteSlot:
        if self._slot is None:
            lock = self._locks.setdefault(str(self.settings_dict["NAME"]), threading.Lock())
            seconds = float(self.settings_dict["OPTIONS"].get("timeout", 5))
            self._slot = WriteSlot(lock, seconds=seconds)
        return self._slot

    def _release_slot(self) -> None:
        if self._slot is not None:
            self._slot.release()


def _is_write(query: str) -> bool:
    return query.lstrip()[:_LONGEST_KEYWORD].upper().startswith(_WRITES)


@lru_cache
def _own(statement: str) -> tuple[str, bool]:
    """Return a statement in SQLite's own style, and whether it writes."""
    return statement.replace("%s", "?"), _is_write(statement)


@lru_cache
def _most_rows(query: str) -> int:
    """How many rows one statement can insert by ``query``; 0 when it is no INSERT of one row."""
    found = _ONE_ROW.search(query)
    if found is None or "%" in query.replace("%s", ""):
        return 0
    marks = found[1].count("%s")
    return _MAX_PARAMETERS // marks if query.count("%s") == marks else 0


@lru_cache
def _of_many_rows(query: str, rows: int) -> str:
    """Convert an INSERT of one row to one of ``rows``."""
    return _ONE_ROW.sub(
        lambda found: "VALUES " + ", ".join([found[1].replace("%s", "?")] * rows), query, count=1
    )
