"""An end before its time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from network.toxics.toxic import Toxic, register, whole

if TYPE_CHECKING:
    from network.direction import Chunk
    from network.toxics.toxic import Stub


@register
@dataclass(frozen=True)
class LimitData(Toxic):
    """Closes the connection once ``bytes`` bytes of it have passed."""

    kind: ClassVar[str] = "limit_data"
    bytes: int = whole(maximum=1 << 53)

    def pipe(self, stub: Stub, chunk: Chunk) -> None:
        """Pass what still fits; close when nothing more does."""
        passed: int = stub.state or 0
        fitting = chunk.data[: max(0, self.bytes - passed)]
        if fitting:
            stub.send(fitting, received=chunk.received)
        stub.state = passed + len(fitting)
        if len(fitting) < len(chunk.data):
            stub.swallow()
        if stub.state >= self.bytes:
            stub.close()
