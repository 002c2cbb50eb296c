"""Delay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from network.toxics.toxic import Toxic, register, whole

if TYPE_CHECKING:
    from network.stream import Chunk
    from network.toxics.toxic import Stub


@register
@dataclass(frozen=True)
class Latency(Toxic):
    """Delays every chunk by ``latency`` ± ``jitter`` milliseconds, in order."""

    kind: ClassVar[str] = "latency"
    latency: int = whole()
    jitter: int = whole()

    def pipe(self, stub: Stub, chunk: Chunk) -> None:
        """Count the delay from when the chunk was received, not from when its turn came."""
        delay_ms = float(self.latency)
        if self.jitter:
            delay_ms += stub.random.uniform(-self.jitter, self.jitter)
        stub.hold(chunk, until=chunk.received + delay_ms / 1000)
