"""The colours of services, for the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telemetry.models import ServiceColour
from telemetry.store.colours import OWN

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["OWN", "colours"]


def colours(services: Iterable[str] | None = None) -> dict[str, int]:
    """Return the colour of each of ``services``, or of all, as far as they have one."""
    rows = ServiceColour.objects.all()
    if services is not None:
        rows = rows.filter(service__in=set(services))
    return dict(rows.values_list("service", "colour"))
