"""How many connections the observer's HTTP ports hold, and how much waits for an open page.

Daphne and Twisted have no bound, and without descriptors nobody is served any more. Of too many
connections one that waits is closed.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_CONNECTIONS = 512
MAX_PAGES = 256
MAX_MESSAGE_BYTES = 65_536
"""The longest message that a page may send; none sends any. What it is sent has no such bound."""
_LONGEST_SECONDS = 20.0
_NO_METHOD = b"(no method yet)"


class Connections:
    """Those that are open, the one that has waited longest first."""

    def __init__(self) -> None:
        self._open: dict[Any, None] = {}

    def install(self) -> None:
        """Count those of this process; before its server is made."""
        from twisted.web.http import HTTPChannel

        channel: Any = HTTPChannel
        channel.connectionMade = also(channel.connectionMade, self._opened)
        channel.connectionLost = also(channel.connectionLost, self._closed)
        channel.requestDone = also(channel.requestDone, self._waits_again)

    def _opened(self, channel: Any) -> None:
        self._open[channel] = None
        if len(self._open) > MAX_CONNECTIONS:
            self._make_room()

    def _closed(self, channel: Any) -> None:
        self._open.pop(channel, None)

    def _waits_again(self, channel: Any) -> None:
        if channel in self._open:
            self._open[channel] = self._open.pop(channel)

    def _make_room(self) -> None:
        for channel in list(self._open):
            if _is_a_page(channel):
                del self._open[channel]
                return
            if all(request.method == _NO_METHOD for request in channel.requests):
                del self._open[channel]
                channel.transport.abortConnection()
                return


class Flow:
    """What Twisted tells whether ``transport`` holds more than it should."""

    def __init__(self, transport: Any, *, longest_seconds: float = _LONGEST_SECONDS) -> None:
        self._transport = transport
        self._longest_seconds = longest_seconds
        self._room = asyncio.Event()
        self._room.set()
        # The one before is that of the request which asked for the WebSocket.
        transport.unregisterProducer()
        transport.registerProducer(self, True)  # noqa: FBT003 (Twisted's)

    def pauseProducing(self) -> None:  # noqa: N802 # Twisted's name
        """There is too much."""
        self._room.clear()

    def resumeProducing(self) -> None:  # noqa: N802 # Twisted's name
        """All of it has gone."""
        self._room.set()

    def stopProducing(self) -> None:  # noqa: N802 # Twisted's name
        """The connection is lost."""
        self._room.set()

    async def has_room(self) -> None:
        """Wait for it; a page that takes nothing for long is closed, and may come again."""
        try:
            async with asyncio.timeout(self._longest_seconds):
                await self._room.wait()
        except TimeoutError:
            self._transport.abortConnection()


def _is_a_page(channel: Any) -> bool:
    """Whether it has become a WebSocket, of which no channel hears again."""
    from daphne.ws_protocol import WebSocketProtocol

    return isinstance(getattr(channel.transport, "protocol", None), WebSocketProtocol)


def also(method: Callable[..., Any], then: Callable[[Any], None]) -> Callable[..., Any]:
    """Return ``method`` of a class, with ``then`` called with its object afterwards."""

    def both(channel: Any, *arguments: Any) -> Any:
        result = method(channel, *arguments)
        then(channel)
        return result

    return both
