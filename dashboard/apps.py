"""Django's handle on this room."""

from __future__ import annotations

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """The dashboard room."""

    name = "dashboard"
