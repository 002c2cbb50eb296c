"""Small pieces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from network.direction import Chunk
from network.toxics.toxic import Toxic, register, whole

if TYPE_CHECKING:
    from network.toxics.toxic import Stub

MAX_BYTES = 1 << 30


@register
@dataclass(frozen=True)
class Slicer(Toxic):
    """Cuts data into pieces of ``average_size`` ± ``size_variation`` bytes.

    ``delay`` is the pause after each piece, in microseconds.
    """

    kind: ClassVar[str] = "slicer"
    average_size: int = whole(maximum=MAX_BYTES, go_type="int")
    size_variation: int = whole(maximum=MAX_BYTES, go_type="int")
    delay: int = whole(maximum=60_000_000, go_type="int")

    def pipe(self, stub: Stub, chunk: Chunk) -> None:
        """Send one piece after the pause of the one before; the rest comes again."""
        size = self.average_size
        if self.size_variation:
            size += stub.random.randint(-self.size_variation, self.size_variation)
        # An average of 0 would never end: a piece is a byte at least.
        size = max(1, size)
        due = max(stub.state or 0.0, chunk.received)
        stub.state = max(due, stub.now()) + self.delay / 1_000_000
        stub.hold(Chunk(chunk.data[:size], chunk.received), until=due, rest=chunk.data[size:])
