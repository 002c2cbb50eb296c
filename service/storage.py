"""Whether a service's database takes writes: looked at in the background, reported by `/readyz`."""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import (
    DatabaseError,
    Error,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)

from base.loops import Loop
from base.message import Message
from base.patience import LONGEST_SECONDS, patience
from service.errors import UnknownOutcomeError, reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

log = logging.getLogger("service")

LOOK_SECONDS = 2.0
"""The longest that a database may take to answer a look at it."""
_EVERY_SECONDS = 2.0
_FILLER_BYTES = 16_384
# Of PostgreSQL's own words for an end of the connection, those that may come after a commit.
_ENDS = ("08", "40003", "57P01", "57P02")


class StorageWatch:
    """Tries the database again and again, at first and after a failure until it takes a write.

    Otherwise a try takes the lock for writing and writes nothing.
    """

    def __init__(self) -> None:
        self.watches = False
        self._error: str | None = None
        self._has_written = False
        self._loop = Loop("storage", self._try, every=_EVERY_SECONDS)

    def start(self) -> None:
        """Begin to look."""
        self.watches = True
        self._loop.start()

    def stop(self) -> None:
        """Look no more."""
        self.watches = False
        self._loop.stop(seconds=1)

    def failed(self, error: Exception) -> None:
        """Note that a request failed by its database; it is a problem until a write succeeds.

        Of no effect where nothing watches, since nothing would take it back.
        """
        if self.watches:
            self._note(error)
            self._loop.wake()

    def problems(self) -> Sequence[Message]:
        """Return what is wrong now, none or one."""
        error = self._error
        return [] if error is None else [Message("database", {"error": error})]

    def _try(self) -> None:
        try:
            if self._error is None and self._has_written:
                with patience(LOOK_SECONDS), transaction.atomic():
                    connection.ensure_connection()
            else:
                with patience(LONGEST_SECONDS):
                    _write()
                self._has_written = True
        except Error as error:
            self._note(error)
            connection.close()
        else:
            self._succeeded()
            release_connection()

    def _note(self, error: Exception) -> None:
        if self._error is None:
            log.error("the database fails", extra={"reason": reason(error)})
        self._error = reason(error)

    def _succeeded(self) -> None:
        if self._error is not None:
            log.info("the database takes writes again")
        self._error = None


STORAGE = StorageWatch()
"""Of this process's database."""


def is_unavailable(error: BaseException) -> bool:
    """Whether ``error`` says that the database can't be used now, rather than that we misuse it."""
    # Exactly a DatabaseError is SQLite's for a damaged file.
    return isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError


@contextmanager
def storing(**details: str) -> Iterator[None]:
    """Store something within; ``details`` of it go into the answer if its outcome is unknown.

    :raises UnknownOutcomeError: the connection broke, and the database may have stored it.
    """
    try:
        yield
    except Error as error:
        if not _connection_broke(error):
            raise
        STORAGE.failed(error)
        raise UnknownOutcomeError(error, details=details) from error


def _connection_broke(error: Error) -> bool:
    """Whether it ended without the database's word on the last statement; never so with SQLite."""
    cause = error.__cause__
    if type(cause).__name__ == "PoolTimeout":
        return False
    # None when psycopg itself noticed it.
    state: str | None = getattr(cause, "sqlstate", "")
    return is_unavailable(error) and (state is None or state.startswith(_ENDS))


def release_connection() -> None:
    """Give this thread's connection back to its pool, before a wait that needs no database.

    Or else the orders that wait for callbacks would hold every connection that those need. Without
    a pool a thread keeps its connection.
    """
    if connection.settings_dict["OPTIONS"].get("pool") and not connection.in_atomic_block:
        connection.close()


def _write() -> None:
    """Commit a row that needs room, and remove it: a full disk refuses it, as it does an order."""
    table = f"lab_probe_{os.getpid()}"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {table} (filler text)")
        cursor.execute(f"INSERT INTO {table} VALUES (%s)", ["x" * _FILLER_BYTES])  # noqa: S608 (the name is ours)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {table}")
