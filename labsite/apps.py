"""Django's handle on the roof, for its management commands."""

from __future__ import annotations

from django.apps import AppConfig


class LabsiteConfig(AppConfig):
    """The lab's wiring."""

    name = "labsite"
