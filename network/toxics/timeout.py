"""Silence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from network.toxics.toxic import Toxic, register, whole

if TYPE_CHECKING:
    from network.direction import Chunk
    from network.toxics.toxic import Stub


@register
@dataclass(frozen=True)
class Timeout(Toxic):
    """Drops everything, and closes the connection after ``timeout`` silent milliseconds.

    With 0 it drops until it is removed. Either way the removal closes the connection, since what
    was dropped can't be had again.
    """

    kind: ClassVar[str] = "timeout"
    timeout: int = whole()

    def start(self, stub: Stub) -> None:
        """Let the time run from now."""
        if self.timeout:
            stub.alarm(self.timeout / 1000, stub.close)

    def pipe(self, stub: Stub, chunk: Chunk) -> None:
        """Drop, and let the time run anew, as Toxiproxy does."""
        del chunk
        stub.swallow()
        self.start(stub)

    def finish(self, stub: Stub) -> None:
        """Close with the source."""
        stub.close()

    def cleanup(self, stub: Stub) -> None:
        """Close: nothing sensible can follow."""
        stub.close()
