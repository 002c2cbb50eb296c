"""Django's PostgreSQL backend, whose threads wait for a connection no longer than they may."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import IsolationLevel

from base.patience import CONNECTION_SECONDS, patience
from service.postgresql.connection import SILENCE


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection of the pool; the look whether it still works counts as part of the wait."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Take one from the pool."""
        if self.pool is None:
            return super().get_new_connection(conn_params)
        self.isolation_level = IsolationLevel.READ_COMMITTED
        self.pool.open()
        with patience(min(CONNECTION_SECONDS, SILENCE.longest_seconds)) as seconds:
            return self.pool.getconn(timeout=seconds)
