"""Django's handle on this room."""

from __future__ import annotations

from django.apps import AppConfig


class ExperimentsConfig(AppConfig):
    """The experiments room."""

    name = "experiments"
