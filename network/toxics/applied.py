"""A toxic in force on a proxy: its name, its stream, how likely it is, and whom it met."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from network.go_json.encoding import float32
from network.toxics.toxic import attributes_of

if TYPE_CHECKING:
    import asyncio
    import random

    from network.direction import Direction
    from network.http_request import Request
    from network.requests.match import Match
    from network.toxics.toxic import Toxic


@dataclass
class Applied:
    """A toxic with the fields that the HTTP API has around its attributes."""

    name: str
    stream: Direction
    shown_stream: str
    """The stream as it was given, in either case."""
    toxicity: float
    toxic: Toxic
    chance: random.Random
    """Draws which requests it is meant for."""
    started_at: float
    """The event loop's clock when it was added, in seconds."""
    met: int = 0
    """How many connections were under it."""
    opened: int = 0
    """How many connections it has admitted or refused."""
    match: Match | None = None
    """The requests that it is meant for; None for all bytes."""
    fitted: int = 0
    """How many requests have fitted `match`."""
    silent: bool = False
    """Whether the journal sends nothing of it: a fault that somebody is to find."""
    shared: dict[str, Any] = field(default_factory=dict)
    """What the toxic remembers across its connections."""
    expiry: asyncio.TimerHandle | None = field(default=None, repr=False)

    def admits(self) -> bool:
        """Ask the toxic whether one more connection may open, or go on."""
        self.opened += 1
        return self.toxic.admit(self.opened - 1)

    def selects(self, request: Request | None) -> bool:
        """Whether it is meant for the bytes of ``request``: decided once for each request."""
        if self.match is None:
            return True
        if request is None:
            return False
        decided = request.decisions.get(id(self))
        if decided is None:
            decided = self.match.fits(request)
            if decided:
                decided = self.match.takes(self.fitted, self.chance)
                self.fitted += 1
            request.decisions[id(self)] = decided
        return decided

    def as_json(self) -> dict[str, object]:
        """Return what the HTTP API shows."""
        extra = {} if self.match is None else {"match": self.match.as_json()}
        return {
            "attributes": attributes_of(self.toxic),
            "name": self.name,
            "type": self.toxic.kind,
            "stream": self.shown_stream,
            "toxicity": float32(self.toxicity),
            **extra,
        }
