"""A link that comes and goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from network.toxics.toxic import Toxic, fraction, register, whole

if TYPE_CHECKING:
    from network.direction import Chunk
    from network.toxics.toxic import Stub


@register
@dataclass(frozen=True)
class Flap(Toxic):
    """Is up for the first ``duty`` of every ``period`` milliseconds, then down.

    While it is down bytes wait, as TCP lets them wait for a link that comes back. All connections
    see the same ups and downs.
    """

    kind: ClassVar[str] = "flap"
    period: int = whole(2000, minimum=1)
    duty: float = fraction(0.5)

    def pipe(self, stub: Stub, chunk: Chunk) -> None:
        """Pass while up, else hold until the next period; with duty 0 there is none."""
        if not self.duty:
            stub.block(chunk)
            return
        period_seconds = self.period / 1000
        elapsed = (stub.now() - stub.started_at) % period_seconds
        if elapsed < period_seconds * self.duty:
            stub.send(chunk.data, received=chunk.received)
        else:
            stub.hold(chunk, until=stub.now() + period_seconds - elapsed)
