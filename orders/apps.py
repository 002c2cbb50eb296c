"""Django's handle on this room."""

from __future__ import annotations

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """The orders room."""

    name = "orders"
