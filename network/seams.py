"""What one part of the links asks of the next: who holds whom must not make them import in circles.

A proxy holds connections, a connection its two links, a link its stubs; each asks the one that
holds it through what stands here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import asyncio
    import random
    from collections.abc import Iterable, Mapping

    from network.address import Address
    from network.stream import Direction
    from network.toxics.applied import Applied


class ToxicsOf(Protocol):
    """The toxics of a proxy."""

    def on(self, stream: Direction) -> Iterable[Applied]:
        """Those of one stream, in their order."""

    def admits(self) -> bool:
        """Whether the next new connection is let in."""


class Noted(Protocol):
    """Where a link's events go; ``wanted`` says whether somebody reads them."""

    wanted: bool

    def note(
        self,
        connection: ConnectionOf,
        *,
        kind: str,
        stream: Direction | None = None,
        size: int = 0,
    ) -> Any:
        """Add an event."""

    def data(self, link: LinkOf, size: int) -> None:
        """Add bytes that a source sent."""


class ProxyOf(Protocol):
    """What a connection and its links ask of their proxy."""

    name: str
    loop: asyncio.AbstractEventLoop
    upstream_address: Address

    @property
    def toxics(self) -> ToxicsOf:
        """The toxics in force."""

    @property
    def events(self) -> Noted:
        """Where events go."""

    @property
    def counters(self) -> Mapping[Direction, Any]:
        """Bytes received and sent, by stream."""

    def chance(self, applied: Applied) -> random.Random:
        """Make the randomness of one toxic on the newest connection."""

    def note(self, connection: ConnectionOf, *, kind: str) -> None:
        """Note what became of a connection."""

    def connection_closed(self, connection: ConnectionOf) -> None:
        """Forget a connection."""

    def deliver_aside(self, data: bytes) -> None:
        """Deliver to the upstream over a connection of its own."""


class ConnectionOf(Protocol):
    """What a link asks of its connection."""

    number: int

    @property
    def proxy(self) -> ProxyOf:
        """The proxy that it goes through."""

    def link_done(self) -> None:
        """Hear that one of its links has ended."""

    def close(self) -> None:
        """Close both ends."""

    def reset(self) -> None:
        """Reset both ends."""

    def reset_side(self, transport: asyncio.Transport | None) -> None:
        """Reset one end."""


class LinkOf(Protocol):
    """What a stub, and the events, ask of a link."""

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

    def lost(self, size: int) -> None:
        """Note that bytes will never arrive."""

    def end_lost(self) -> None:
        """Let the connection end without the destination hearing of it."""

    def reply(self, data: bytes) -> None:
        """Write to the source."""

    def deliver_aside(self, data: bytes) -> None:
        """Deliver to the upstream over another connection."""

    def close_connection(self) -> None:
        """Close both ends."""

    def reset_connection(self) -> None:
        """Reset both ends."""
