"""Django's handle on this room."""

from __future__ import annotations

from django.apps import AppConfig


class WorkerConfig(AppConfig):
    """The worker service."""

    name = "worker"

    def ready(self) -> None:
        """Turn on the faults that the environment requests."""
        from worker.faults import from_settings

        from_settings()
