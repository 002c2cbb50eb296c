"""Losses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from network.toxics.toxic import Toxic, fraction, register, whole

if TYPE_CHECKING:
    from network.stream import Chunk
    from network.toxics.toxic import Stub

# As many as Linux retransmits before it gives a connection up.
MAX_RETRANSMISSIONS = 15


@register
@dataclass(frozen=True)
class PacketLoss(Toxic):
    """Loses each chunk with the chance ``loss_rate``, plus ``correlation`` after a lost one.

    With ``retransmit`` 0 a lost chunk is gone, as in Toxiproxy. Otherwise it comes late, as TCP
    makes of a lost packet: after that many milliseconds, doubled for each retransmission that is
    lost too, and everything behind it waits.
    """

    kind: ClassVar[str] = "packet_loss"
    loss_rate: float = fraction()
    correlation: float = fraction()
    retransmit: int = whole(maximum=60_000)

    def pipe(self, stub: Stub, chunk: Chunk) -> None:
        """Draw once for the chunk, and once for each of its retransmissions."""
        if not self._lost(stub):
            stub.send(chunk.data, received=chunk.received)
        elif not self.retransmit:
            stub.swallow(len(chunk.data))
        else:
            wait_ms = self.retransmit
            delay_ms = wait_ms
            for _ in range(MAX_RETRANSMISSIONS):
                if not self._lost(stub):
                    break
                wait_ms *= 2
                delay_ms += wait_ms
            stub.hold(chunk, until=stub.now() + delay_ms / 1000)

    def _lost(self, stub: Stub) -> bool:
        after_loss = bool(stub.state)
        chance = self.loss_rate + (self.correlation if after_loss else 0.0)
        lost = stub.random.random() < chance
        stub.state = lost
        return lost
