"""The nemesis, in Jepsen's sense: faults by a seed. Pure: the same seed, the same faults."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from systems.orders import API_TO_WORKER, ORDERS, WORKER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

LINKS = ORDERS.link_names
_INNER = LINKS[1:]
_PAUSE_SECONDS = (0.1, 0.6)
_LASTS_SECONDS = (0.2, 1.5)


@dataclass(frozen=True, slots=True)
class Strike:
    """A fault, how long it lasts, and the pause before the next one, in seconds."""

    target: str
    kind: str
    lasts: float
    pause_after: float
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def as_fault(self) -> dict[str, Any]:
        """Describe it for ``POST /api/faults``; it ends by itself."""
        return {
            "target": self.target,
            "kind": self.kind,
            "ttlSeconds": round(self.lasts, 3),
            "setBy": "nemesis",
            **self.parameters,
        }


def strikes(seed: int) -> Iterator[Strike]:
    """Yield faults without end; each seed has its own."""
    chance = random.Random(seed)  # noqa: S311 (repeats a run, keeps no secret)
    while True:
        target, kind, parameters = chance.choice(_CHOICES)(chance)
        yield Strike(
            target,
            kind,
            lasts=chance.uniform(*_LASTS_SECONDS),
            pause_after=chance.uniform(*_PAUSE_SECONDS),
            parameters=parameters,
        )


_CHOICES: list[Callable[[random.Random], tuple[str, str, dict[str, Any]]]] = [
    lambda chance: (chance.choice(LINKS), "cut", {}),
    lambda chance: (chance.choice(LINKS), "request_lost", {}),
    lambda chance: (chance.choice(LINKS), "response_lost", {}),
    lambda chance: (chance.choice(_INNER), "slow", {"ms": chance.randint(50, 1_500)}),
    lambda chance: (chance.choice(_INNER), "lossy", {"rate": round(chance.uniform(0.1, 0.6), 2)}),
    lambda chance: (chance.choice(_INNER), "reset", {"ms": chance.randint(0, 100)}),
    lambda _chance: (API_TO_WORKER, "duplicate", {}),
    lambda _chance: (API_TO_WORKER, "http_status", {}),
    lambda chance: (chance.choice(ORDERS.service_names), "crash", {}),
    lambda chance: (chance.choice(ORDERS.service_names), "pause", {}),
    lambda chance: (WORKER, "slow", {"ms": chance.randint(100, 1_500)}),
]
