"""The observer's server, with bounds for open pages that Daphne and autobahn lack.

There are so many WebSockets and no more, a message that one sends is short, and what waits for one
that reads slowly stays where it is stored. Imported once Twisted's reactor may be installed.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partialmethod
from typing import TYPE_CHECKING, Any

from autobahn.exception import Disconnected
from autobahn.websocket.types import ConnectionDeny
from daphne.server import Server
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol

from labsite.http.daphne_bounds import MAX_MESSAGE_BYTES, MAX_PAGES, Flow

if TYPE_CHECKING:
    from collections.abc import Mapping

_CONNECT_SECONDS = 20
_connect, _send = WebSocketProtocol.onConnect, WebSocketProtocol.sendMessage


class PageServer(Server):  # type: ignore[misc] # Daphne has no types
    """Sends the next frame to a page when it has taken the one before."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(
            *arguments,
            websocket_connect_timeout=_CONNECT_SECONDS,
            websocket_max_message_size=MAX_MESSAGE_BYTES,
            websocket_max_frame_size=MAX_MESSAGE_BYTES,
            **options,
        )
        WebSocketProtocol.onConnect, WebSocketProtocol.sendMessage = _connecting, _sending
        # Or autobahn would end the connection without a word.
        WebSocketFactory.setProtocolOptions = partialmethod(
            WebSocketFactory.setProtocolOptions,
            failByDrop=False,
            openHandshakeTimeout=_CONNECT_SECONDS,
        )

    async def handle_reply(self, protocol: Any, message: Mapping[str, Any]) -> None:
        """Send ``message``, and return once there is room for another."""
        is_frame = message.get("type") == "websocket.send"
        if is_frame and not hasattr(protocol, "flow"):
            protocol.flow = Flow(protocol.transport)
        await super().handle_reply(protocol, message)
        if is_frame:
            await protocol.flow.has_room()


def _connecting(page: Any, request: Any) -> Any:
    connections = page.factory.server_class.connections
    open_pages = sum(
        isinstance(each, WebSocketProtocol) and "disconnected" not in times
        for each, times in connections.items()
    )
    if open_pages >= MAX_PAGES:
        why = f"{MAX_PAGES} pages are open already, and no more may be: close some"
        raise ConnectionDeny(503, why)
    return _connect(page, request)


def _sending(page: Any, *message: Any, **options: Any) -> None:
    # autobahn has one bound for both directions.
    bound, page.maxMessagePayloadSize = page.maxMessagePayloadSize, 0
    # One that has just gone is sent nothing.
    try:
        with suppress(Disconnected):
            _send(page, *message, **options)
    finally:
        page.maxMessagePayloadSize = bound
