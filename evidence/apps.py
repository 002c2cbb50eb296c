"""Django's handle on this room."""

from __future__ import annotations

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """The evidence room."""

    name = "evidence"
