"""Django's handle on this room."""

from __future__ import annotations

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """The API service."""

    name = "orders"

    def ready(self) -> None:
        """Turn on the faults that the environment requests."""
        from orders.faults import from_settings

        from_settings()
