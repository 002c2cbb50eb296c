"""Django's handle on this room."""

from __future__ import annotations

from django.apps import AppConfig


class DefencesConfig(AppConfig):
    """The defences room."""

    name = "defences"
    default_auto_field = "django.db.models.BigAutoField"
