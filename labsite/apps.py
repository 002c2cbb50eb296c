"""What every Django process of the lab sets up before it serves."""

from __future__ import annotations

from django.apps import AppConfig
from django.db import connections

from base import loops


class LabsiteConfig(AppConfig):
    """The roof."""

    name = "labsite"

    def ready(self) -> None:
        """Have the threads of loops give back their connections."""
        loops.release_by(close_connections)


def close_connections() -> None:
    """Close this thread's connections, or give them back to their pools; not inside a transaction.

    A connection whose thread just ends would never come back to its pool, and one that was lost
    would fail every later step of its loop.
    """
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
