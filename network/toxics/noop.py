"""``noop``: nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from network.toxics.toxic import Toxic, register


@register
@dataclass(frozen=True)
class Noop(Toxic):
    """Lets everything through, as Toxiproxy's does: a place for a toxic to come."""

    kind: ClassVar[str] = "noop"
