"""A link that comes and goes as its clock has it, the same again from its seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from network.toxics.toxic import Toxic, register, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from network.direction import Chunk
    from network.toxics.toxic import Stub

# After a day without traffic it takes so many turns at once: half a million at most.
SHORTEST_MS = 100


@register
@dataclass(frozen=True)
class Schedule(Toxic):
    """Is up and down in turn, for times from ``seed`` that are ``up`` and ``down`` on average.

    It begins up. While it is down bytes wait, as TCP lets them wait. All connections see the same
    ups and downs, and the same seed has the same ones again.
    """

    kind: ClassVar[str] = "schedule"
    up: int = whole(2000, minimum=SHORTEST_MS)
    down: int = whole(1000, minimum=SHORTEST_MS)
    seed: int = whole(maximum=1 << 53)

    def turns(self) -> Iterator[tuple[float, float]]:
        """Yield when the link goes down and when it is up again, in milliseconds, without end."""
        chance = random.Random(self.seed)  # noqa: S311 - chance that must repeat is the point
        at = 0.0
        while True:
            goes = at + _length(chance, self.up)
            at = goes + _length(chance, self.down)
            yield goes, at

    def pipe(self, stub: Stub, chunk: Chunk) -> None:
        """Pass while up, else hold until it is."""
        goes, comes = self._turn(stub)
        now_ms = (stub.now() - stub.started_at) * 1000
        if now_ms < goes:
            stub.send(chunk.data, received=chunk.received)
        else:
            stub.hold(chunk, until=stub.started_at + comes / 1000)

    def _turn(self, stub: Stub) -> tuple[float, float]:
        """Return the turn that is now, or comes next; the turns before it are over."""
        memory = stub.shared
        if memory.get("of") != self:
            turns = self.turns()
            memory.update(of=self, turns=turns, turn=next(turns))
        now_ms = (stub.now() - stub.started_at) * 1000
        while now_ms >= memory["turn"][1]:
            memory["turn"] = next(memory["turns"])
        turn: tuple[float, float] = memory["turn"]
        return turn


def _length(chance: random.Random, mean_ms: int) -> float:
    """Draw a length: half of the mean for sure, the rest by chance."""
    return mean_ms / 2 + chance.expovariate(2 / mean_ms)
