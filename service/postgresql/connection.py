"""Connections to PostgreSQL that wait for no statement without end.

A server whose process stands still keeps its connections: its host acknowledges what is sent, and
no timeout of the server's own, nor of TCP, ever ends the wait.
"""

from __future__ import annotations

import time
from typing import Any

from psycopg import Connection, OperationalError

from service.postgresql.patience import patience_seconds

_LOOKS_EVERY_SECONDS = 0.1
# Longer than the server lets anybody wait for a lock: its own word says more.
_LONGEST_SECONDS = 10.0


class NoAnswerError(OperationalError):
    """The server did not answer in time; whether it still does what was asked is not known."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the database server did not answer within {seconds:g} s")


class BoundedConnection(Connection[Any]):
    """One that is closed when its server does not answer in time."""

    def wait(
        self, gen: Any, interval: float = _LOOKS_EVERY_SECONDS, timeout: float | None = None
    ) -> Any:
        """Wait for the server.

        :raises NoAnswerError: it took too long.
        """
        seconds = patience_seconds(_LONGEST_SECONDS)
        if timeout is not None:
            seconds = min(seconds, timeout)
        began = time.monotonic()
        try:
            return super().wait(gen, interval, seconds)
        except OperationalError as error:
            if error.sqlstate is not None or time.monotonic() - began < seconds:
                raise
            self.close()
            raise NoAnswerError(seconds) from None
