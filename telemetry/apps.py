"""Django's handle on this room."""

from __future__ import annotations

from django.apps import AppConfig


class TelemetryConfig(AppConfig):
    """The telemetry room."""

    name = "telemetry"
