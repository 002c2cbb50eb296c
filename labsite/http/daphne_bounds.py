"""How many connections the observer's HTTP ports hold: of too many, one that waits is closed.

Daphne and Twisted have no bound, and without descriptors nobody is served any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_CONNECTIONS = 512
_NO_METHOD = b"(no method yet)"


class Connections:
    """Those that are open, the one that has waited longest first."""

    def __init__(self) -> None:
        self._open: dict[Any, None] = {}

    def install(self) -> None:
        """Count those of this process; before its server is made."""
        from twisted.web.http import HTTPChannel

        channel: Any = HTTPChannel
        channel.connectionMade = _also(channel.connectionMade, self._opened)
        channel.connectionLost = _also(channel.connectionLost, self._closed)
        channel.requestDone = _also(channel.requestDone, self._waits_again)

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


def _is_a_page(channel: Any) -> bool:
    """Whether it has become a WebSocket, of which no channel hears again."""
    from daphne.ws_protocol import WebSocketProtocol

    return isinstance(getattr(channel.transport, "protocol", None), WebSocketProtocol)


def _also(method: Callable[..., Any], then: Callable[[Any], None]) -> Callable[..., Any]:
    def both(channel: Any, *arguments: Any) -> Any:
        result = method(channel, *arguments)
        then(channel)
        return result

    return both
