"""Django's handle on this room."""

from __future__ import annotations

from django.apps import AppConfig


class WorkerConfig(AppConfig):
    """The worker room."""

    name = "worker"
