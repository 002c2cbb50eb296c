"""Once sent, twice delivered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from network.http_message import MessageReader
from network.toxics.toxic import Toxic, register

if TYPE_CHECKING:
    from network.direction import Chunk
    from network.toxics.toxic import Stub


@register
@dataclass(frozen=True)
class Duplicate(Toxic):
    """Delivers every HTTP request of the ``upstream`` stream twice; one answer comes back.

    The second copy travels over a connection of its own. Bytes that aren't HTTP, or a message
    too large to keep, pass once.
    """

    kind: ClassVar[str] = "duplicate"

    def pipe(self, stub: Stub, chunk: Chunk) -> None:
        """Pass on at once, and copy each request once it is whole."""
        if stub.state is None:
            stub.state = MessageReader()
        stub.send(chunk.data, received=chunk.received)
        for message in stub.state.feed(chunk.data):
            if stub.stream == "upstream":
                stub.deliver_aside(message)
