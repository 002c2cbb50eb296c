"""Losses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from network.toxics.toxic import Toxic, fraction, register, whole

if TYPE_CHECKING:
    from network.direction import Chunk
    from network.toxics.toxic import Stub

# As many as Linux retransmits before it gives a connection up.
MAX_RETRANSMISSIONS = 15


@register
@dataclass(frozen=True)
class PacketLoss(Toxic):
    """Loses each chunk with the chance ``loss_rate``, plus ``correlation`` after a lost one.

    With ``retransmit`` 0 a lost chunk is gone, as in Toxiproxy. Otherwise it comes late, as TCP
    makes of a lost packet: after that many milliseconds, doubled for each retransmission that is
    lost too, and everything behind it waits. The first ``spare`` chunks of each connection pass:
    a handshake, say.
    """

    kind: ClassVar[str] = "packet_loss"
    loss_rate: float = fraction()
    correlation: float = fraction()
    retransmit: int = whole(maximum=60_000, ours=True)
    spare: int = whole(maximum=1_000_000, ours=True)

    def pipe(self, stub: Stub, chunk: Chunk) -> None:
        """Draw once for the chunk, and once for each of its retransmissions."""
        memory = _memory(stub)
        if memory.passed < self.spare:
            memory.passed += 1
            stub.send(chunk.data, received=chunk.received)
        elif not self._lost(stub):
            stub.send(chunk.data, received=chunk.received)
        elif not self.retransmit:
            stub.swallow()
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
        memory = _memory(stub)
        chance = self.loss_rate + (self.correlation if memory.lost else 0.0)
        memory.lost = stub.random.random() < chance
        return memory.lost


@dataclass
class _Memory:
    """Whether the chunk before was lost, and how many were spared."""

    lost: bool = False
    passed: int = 0


def _memory(stub: Stub) -> _Memory:
    if stub.state is None:
        stub.state = _Memory()
    memory: _Memory = stub.state
    return memory
