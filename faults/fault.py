"""One fault: its target, kind, level, parameters and end. Pure."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Level = Literal["switch", "socket", "process", "firewall"]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in force, or about to be.

    ``target`` is a directed link or a service. ``level`` is where the fault is applied: in a
    service's code (``switch``), in the link (``socket``), by a signal to the process (``process``)
    or by the operating system (``firewall``). ``expires_at`` is None for a fault that stays until
    it is healed; ``set_by`` is its origin (``http``, ``page``, ``cli``, …). While in force,
    a ``hidden`` fault is counted in listings but described only on request.
    """

    id: str
    target: str
    kind: str
    level: Level
    created_at: datetime
    parameters: Mapping[str, Any] = field(default_factory=dict)
    expires_at: datetime | None = None
    set_by: str = "http"
    hidden: bool = False

    def remaining_seconds(self, now: datetime) -> float | None:
        """Seconds until it ends by itself, never below 0; None when it does not."""
        if self.expires_at is None:
            return None
        return max(0.0, (self.expires_at - now).total_seconds())

    def is_over(self, now: datetime) -> bool:
        """Whether its time has passed."""
        return self.expires_at is not None and self.expires_at <= now


def new_id() -> str:
    """Make an id that is short enough to type and fits in names of toxics and firewall tables."""
    return secrets.token_hex(4)
