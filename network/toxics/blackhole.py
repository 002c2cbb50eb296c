"""One-way loss: what is sent in this direction never arrives, and neither end notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from network.toxics.toxic import Toxic, register

if TYPE_CHECKING:
    from network.direction import Chunk
    from network.toxics.toxic import Stub


@register
@dataclass(frozen=True)
class Blackhole(Toxic):
    """Drops bytes and the end of the stream, and keeps the connection open.

    On ``upstream`` the request is lost, on ``downstream`` the response. When it is removed,
    connections that lost bytes are reset, since a stream with a hole can't go on; others live.
    """

    kind: ClassVar[str] = "blackhole"

    def pipe(self, stub: Stub, chunk: Chunk) -> None:
        """Drop."""
        del chunk
        stub.swallow()

    def finish(self, stub: Stub) -> None:
        """Drop the end too: a goodbye is a packet like any other."""
        stub.swallow_end()

    def cleanup(self, stub: Stub) -> None:
        """Reset what can't go on."""
        if stub.has_hole():
            stub.reset()
