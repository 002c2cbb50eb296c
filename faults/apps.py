"""Django's handle on this room."""

from __future__ import annotations

from django.apps import AppConfig


class FaultsConfig(AppConfig):
    """The faults room."""

    name = "faults"
