"""Connections to PostgreSQL that wait for no statement without end.

A server whose process stands still keeps its connections: its host acknowledges what is sent, and
no timeout of the server's own, nor of TCP, ever ends the wait.
"""

from __future__ import annotations

import time
from typing import Any

from psycopg import Connection, OperationalError

from base.patience import CONNECTION_SECONDS, LONGEST_SECONDS, patience

_LOOKS_EVERY_SECONDS = 0.1
_SILENT_SECONDS = 1.0


class Silence:
    """Whether the server is known to be silent: then nobody else waits for it as long."""

    def __init__(self) -> None:
        self._known = False

    @property
    def longest_seconds(self) -> float:
        """The longest that is waited for a statement, or for a connection, now."""
        return _SILENT_SECONDS if self._known else LONGEST_SECONDS

    def heard(self) -> None:
        """Note an answer."""
        self._known = False

    def waited_in_vain(self, seconds: float) -> None:
        """Note a wait without an answer; a short one may be that of a busy server."""
        if seconds >= CONNECTION_SECONDS:
            self._known = True


SILENCE = Silence()
"""Of this process's server."""


class NoAnswerError(OperationalError):
    """The server did not answer in time; whether it still does what was asked is not known."""

    def __init__(self) -> None:
        super().__init__("the database server did not answer in time")


class BoundedConnection(Connection[Any]):
    """One that is closed when its server does not answer in time."""

    def wait(
        self, gen: Any, interval: float = _LOOKS_EVERY_SECONDS, timeout: float | None = None
    ) -> Any:
        """Wait for the server.

        :raises NoAnswerError: it took too long.
        """
        began = time.monotonic()
        longest = SILENCE.longest_seconds
        with patience(longest if timeout is None else min(longest, timeout)) as seconds:
            try:
                if not seconds:
                    raise NoAnswerError
                answer = super().wait(gen, interval, seconds)
            except OperationalError as error:
                if error.sqlstate is not None or time.monotonic() - began < seconds:
                    raise
                self.close()
                SILENCE.waited_in_vain(seconds)
                raise NoAnswerError from None
        SILENCE.heard()
        return answer
