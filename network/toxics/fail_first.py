"""A bad start that passes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from network.toxics.toxic import Toxic, register, whole

if TYPE_CHECKING:
    from network.direction import Chunk
    from network.toxics.toxic import Stub


@register
@dataclass(frozen=True)
class FailFirst(Toxic):
    """Resets the first ``count`` connections, before they reach the upstream.

    One that a caller has kept open counts, and is reset, when it is next used.
    """

    kind: ClassVar[str] = "fail_first"
    count: int = whole(1, maximum=1_000_000)

    def admit(self, ordinal: int) -> bool:
        """Turn the first ones away."""
        return ordinal >= self.count

    def pipe(self, stub: Stub, chunk: Chunk) -> None:
        """Reset a kept connection in its turn."""
        if stub.admits():
            stub.send(chunk.data, received=chunk.received)
        else:
            stub.reset()
