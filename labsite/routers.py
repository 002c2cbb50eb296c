"""The database of each room's tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from django.db.models import Model

_ALIASES = {
    "orders": "default",
    "worker": "worker",
    "telemetry": "telemetry",
    "faults": "telemetry",
    "defences": "telemetry",
    "experiments": "telemetry",
}


class RoomRouter:
    """A service's process has one database, its default; the tests' process has all three."""

    def db_for_read(self, model: type[Model], **_hints: Any) -> str:
        """Return the alias of ``model``'s database."""
        return alias_of(model._meta.app_label)

    def db_for_write(self, model: type[Model], **_hints: Any) -> str:
        """Return the alias of ``model``'s database."""
        return alias_of(model._meta.app_label)

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool:
        """Allow a room's tables in its own database only."""
        return alias_of(app_label) == db


def alias_of(app_label: str) -> str:
    """Return the alias of the database of the app ``app_label``."""
    alias = _ALIASES.get(app_label, "default")
    return alias if alias in settings.DATABASES else "default"
