"""What each part of the links uses of the one that holds it, so that they don't import in circles.

A proxy holds connections, a connection its two links, a link its stubs; each knows its holder by
the protocols here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import asyncio
    import random
    from collections.abc import Iterable, Mapping

    from network.direction import Direction
    from network.http_request import Request
    from network.journal.journal import Journal
    from network.requests.exchanges import Exchanges
    from network.toxics.applied import Applied


class ToxicsOf(Protocol):
    """The toxics of a proxy."""

    def on(self, stream: Direction) -> Iterable[Applied]:
        """Those of one stream, in their order."""

    @property
    def look_at_requests(self) -> bool:
        """Whether one of them is meant for some requests only."""

    def refusing(self) -> Applied | None:
        """Ask about the next new connection; return the toxic that refuses it, if one does."""


class ProxyOf(Protocol):
    """What a connection and its links use of their proxy."""

    name: str
    upstream: str
    """Where its connections go, as it was given."""
    loop: asyncio.AbstractEventLoop

    @property
    def journal(self) -> Journal:
        """What is noted of its toxics."""

    @property
    def toxics(self) -> ToxicsOf:
        """The toxics in force."""

    @property
    def counters(self) -> Mapping[Direction, Any]:
        """Bytes received and sent, by stream."""

    def chance(self, applied: Applied) -> random.Random:
        """Make the randomness of one toxic on the newest connection."""

    def connection_closed(self, connection: ConnectionOf) -> None:
        """Forget a connection."""

    def deliver_aside(self, data: bytes) -> None:
        """Deliver to the upstream over a connection of its own."""


class ConnectionOf(Protocol):
    """What a link uses of its connection."""

    number: int
    on_its_way: bool
    """Whether nothing of the newest request has been passed on yet."""
    exchanges: Exchanges | None
    """What it knows of its requests; None while nobody asks."""

    @property
    def proxy(self) -> ProxyOf:
        """The proxy that it goes through."""

    def note(self, applied: Applied, action: str, *, size: int = 0, seconds: float = 0.0) -> None:
        """Note in the journal what a toxic did to it."""

    def request_begins(self, head: bytes) -> None:
        """Take the beginning of a request."""

    def passed(self, data: bytes) -> None:
        """See whether what was passed on is the beginning of the newest request."""

    def follow(self, *, requests: bool) -> None:
        """Look at the HTTP requests that cross, or no longer."""

    def answer(self, request: Request | None, data: bytes) -> None:
        """Answer a request in the upstream's place, after those before it, and close."""

    def answer_in_turn(self) -> None:
        """Give the answer that waits, when those before it are through."""

    def link_done(self) -> None:
        """Note that one of its links has ended."""

    def close(self) -> None:
        """Close both ends."""

    def reset(self) -> None:
        """Reset both ends."""

    def reset_side(self, transport: asyncio.Transport | None) -> None:
        """Reset one end."""


class LinkOf(Protocol):
    """What a stub uses of its link."""

    loop: asyncio.AbstractEventLoop
    stream: Direction
    closed: bool

    @property
    def connection(self) -> ConnectionOf:
        """The connection that it is half of."""

    def deliver(self, data: bytes) -> None:
        """Write to the destination."""

    def deliver_end(self) -> None:
        """Pass on the end of the stream."""

    def keep(self, size: int) -> None:
        """Count bytes that wait."""

    def let_go(self, size: int) -> None:
        """Count bytes that no longer wait."""

    def end_lost(self) -> None:
        """End this direction without passing the end of the stream on."""

    def deliver_aside(self, data: bytes) -> None:
        """Deliver to the upstream over another connection."""

    def close_connection(self) -> None:
        """Close both ends."""

    def reset_connection(self) -> None:
        """Reset both ends."""
