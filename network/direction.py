"""What flows through a link: chunks of bytes in one of two directions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from network.http_request import Request

Direction: TypeAlias = Literal["upstream", "downstream"]

UPSTREAM: Final[Direction] = "upstream"
DOWNSTREAM: Final[Direction] = "downstream"
DIRECTIONS: Final[tuple[Direction, Direction]] = (UPSTREAM, DOWNSTREAM)


class Chunk(NamedTuple):
    """Bytes read at once, and when: ``received`` is the event loop's clock, in seconds.

    ``request`` is the one that they are of, or are the answer to, where that is looked at.
    """

    data: bytes
    received: float
    request: Request | None = None
