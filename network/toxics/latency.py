"""Delay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from network.toxics.toxic import Toxic, choice, numbers, register, whole

if TYPE_CHECKING:
    import random

    from network.direction import Chunk
    from network.toxics.toxic import Stub

MOST_SAMPLES = 10_000
# The shape of the tail that netem draws delays from.
PARETO_SHAPE = 3.0


@register
@dataclass(frozen=True)
class Latency(Toxic):
    """Delays every chunk by ``latency`` ± ``jitter`` milliseconds, in order.

    By ``distribution`` the jitter is the width of a uniform one, the standard deviation of a normal
    one, or what the mean of a long (Pareto) tail is above ``latency``. A ``recorded`` delay is
    drawn from ``samples``, and ``latency`` is added.
    """

    kind: ClassVar[str] = "latency"
    latency: int = whole()
    jitter: int = whole()
    distribution: str = choice("uniform", "normal", "pareto", "recorded")
    samples: tuple[float, ...] = numbers(most=MOST_SAMPLES)

    def pipe(self, stub: Stub, chunk: Chunk) -> None:
        """Count the delay from when the chunk was received, not from when its turn came."""
        stub.hold(chunk, until=chunk.received + self.delay_ms(stub.random) / 1000)

    def delay_ms(self, chance: random.Random) -> float:
        """Draw a delay; one below 0 is none."""
        if self.distribution == "recorded":
            return self.latency + (chance.choice(self.samples) if self.samples else 0.0)
        if not self.jitter:
            return self.latency
        match self.distribution:
            case "normal":
                return chance.gauss(self.latency, self.jitter)
            case "pareto":
                # A Pareto variable from 1 on has the mean shape / (shape - 1).
                tail = (chance.paretovariate(PARETO_SHAPE) - 1) * (PARETO_SHAPE - 1)
                return self.latency + self.jitter * tail
        return self.latency + chance.uniform(-self.jitter, self.jitter)
