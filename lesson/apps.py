"""Django's handle on this room."""

from __future__ import annotations

from django.apps import AppConfig


class LessonConfig(AppConfig):
    """The lesson room."""

    name = "lesson"
