"""A reset instead of an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from network.toxics.toxic import Toxic, register, whole

if TYPE_CHECKING:
    from network.direction import Chunk
    from network.toxics.toxic import Stub


@register
@dataclass(frozen=True)
class ResetPeer(Toxic):
    """Resets both ends ``timeout`` milliseconds after the first bytes, which it drops."""

    kind: ClassVar[str] = "reset_peer"
    go_name: ClassVar[str] = "Reset"
    timeout: int = whole()

    def pipe(self, stub: Stub, chunk: Chunk) -> None:
        """Drop; only the first chunk starts the clock."""
        del chunk
        stub.swallow()
        self._trigger(stub)

    def finish(self, stub: Stub) -> None:
        """Take an end as the first bytes."""
        self._trigger(stub)

    def cleanup(self, stub: Stub) -> None:
        """Reset now what was about to be: its bytes are gone."""
        if stub.has_hole():
            stub.reset()

    def _trigger(self, stub: Stub) -> None:
        if stub.state is None:
            stub.state = stub.now() + self.timeout / 1000
        stub.alarm(max(0.0, stub.state - stub.now()), stub.reset)
