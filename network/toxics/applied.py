"""A toxic in force on a proxy: its name, its stream, how likely it is, and whom it met."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from network.toxics.toxic import attributes_of

if TYPE_CHECKING:
    import asyncio

    from network.stream import Direction
    from network.toxics.toxic import Toxic


@dataclass
class Applied:
    """A toxic with what the HTTP API says around its attributes."""

    name: str
    stream: Direction
    toxicity: float
    toxic: Toxic
    started_at: float
    """The event loop's clock when it was added, in seconds."""
    met: int = 0
    """How many connections were under it."""
    opened: int = 0
    """How many new connections asked it to be admitted."""
    expiry: asyncio.TimerHandle | None = field(default=None, repr=False)

    def as_json(self) -> dict[str, object]:
        """Return what the HTTP API shows."""
        return {
            "attributes": attributes_of(self.toxic),
            "name": self.name,
            "type": self.toxic.kind,
            "stream": self.stream,
            "toxicity": self.toxicity,
        }
