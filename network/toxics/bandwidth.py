"""A narrow pipe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from network.direction import Chunk
from network.toxics.toxic import Toxic, flag, register, whole

if TYPE_CHECKING:
    from network.toxics.toxic import Stub

# Small enough to flow evenly, large enough to keep timers rare.
PIECE_SECONDS = 0.02


@register
@dataclass(frozen=True)
class Bandwidth(Toxic):
    """Passes at most ``rate`` kilobytes (1000 bytes) a second; with 0, nothing.

    Each connection has a pipe of its own, or all of them have one, ``shared``.
    """

    kind: ClassVar[str] = "bandwidth"
    rate: int = whole(maximum=1_000_000_000)
    shared: bool = flag()

    def pipe(self, stub: Stub, chunk: Chunk) -> None:
        """Send a piece when the pipe has had the time to carry it; the rest comes again."""
        if not self.rate:
            stub.block(chunk)
            return
        bytes_per_second = self.rate * 1000
        size = max(1, int(bytes_per_second * PIECE_SECONDS))
        piece = chunk.data[:size]
        before: float = stub.shared.get("free_at", 0.0) if self.shared else stub.state or 0.0
        free_at = max(before, chunk.received) + len(piece) / bytes_per_second
        if self.shared:
            stub.shared["free_at"] = free_at
        else:
            stub.state = free_at
        stub.hold(Chunk(piece, chunk.received), until=free_at, rest=chunk.data[size:])
