"""What flows through a link: chunks of bytes in one of two directions."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias

Direction: TypeAlias = Literal["upstream", "downstream"]

UPSTREAM: Final[Direction] = "upstream"
DOWNSTREAM: Final[Direction] = "downstream"
DIRECTIONS: Final[tuple[Direction, Direction]] = (UPSTREAM, DOWNSTREAM)


class Chunk(NamedTuple):
    """Bytes read at once, and when: ``received`` is the event loop's clock, in seconds."""

    data: bytes
    received: float
