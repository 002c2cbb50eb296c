"""How many connections the observer's HTTP ports hold: of too many, one that waits is closed.

Daphne and Twisted have no bound, and without descriptors nobody is served any more. Of open pages
none is closed for another: one too many is refused.
"""

from __future__ import annotations

from functools import partialmethod
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_CONNECTIONS = 512
MAX_PAGES = 256
MAX_MESSAGE_BYTES = 65_536
"""The longest message that a page may send; none sends any. What it is sent has no such bound."""
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
        _bound_pages()

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


def _bound_pages() -> None:
    """Bound the WebSockets of this process; one whose message may not be is closed with a code."""
    from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol

    connect, send = WebSocketProtocol.onConnect, WebSocketProtocol.sendMessage

    def connecting(page: Any, request: Any) -> Any:
        if _open_pages(page.factory.server_class.connections) >= MAX_PAGES:
            _refuse_page()
        return connect(page, request)

    def sending(page: Any, *message: Any, **options: Any) -> None:
        # autobahn has one bound for both directions.
        bound, page.maxMessagePayloadSize = page.maxMessagePayloadSize, 0
        try:
            send(page, *message, **options)
        finally:
            page.maxMessagePayloadSize = bound

    WebSocketProtocol.onConnect, WebSocketProtocol.sendMessage = connecting, sending
    # Or autobahn would end the connection without a word.
    WebSocketFactory.setProtocolOptions = partialmethod(
        WebSocketFactory.setProtocolOptions, failByDrop=False
    )


def _open_pages(connections: Mapping[Any, Mapping[str, float]]) -> int:
    from daphne.ws_protocol import WebSocketProtocol

    return sum(
        isinstance(each, WebSocketProtocol) and "disconnected" not in times
        for each, times in connections.items()
    )


def _refuse_page() -> NoReturn:
    from autobahn.websocket.types import ConnectionDeny

    raise ConnectionDeny(503, f"{MAX_PAGES} pages are open already, and no more may be: close some")


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
