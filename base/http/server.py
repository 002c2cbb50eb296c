"""The server itself: its sockets, its event loop, its end."""

from __future__ import annotations

import logging
import socket
import sys
from typing import TYPE_CHECKING, Any

from uvicorn import Config, Server

from base.http.protocol import BoundedProtocol
from base.process.listening import allow_many_descriptors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from base.http.application import Application

_KEEP_SECONDS = 300
_END_SECONDS = 3
_BACKLOG = 1_024


class HttpServer:
    """Listens on ``addresses`` from the start, and answers once it runs.

    :raises OSError: one of them cannot be listened on.
    """

    def __init__(
        self,
        application: Application,
        *,
        addresses: Iterable[tuple[str, int]],
        protocol: type[BoundedProtocol] = BoundedProtocol,
    ) -> None:
        allow_many_descriptors()
        # What it has to say goes into its answers; the application logs its own failures.
        logging.getLogger("uvicorn").setLevel(logging.CRITICAL)
        app: Any = application
        self._server = Server(
            Config(
                app,
                loop="asyncio" if sys.platform == "win32" else "uvloop",
                http=protocol,
                ws="none",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                access_log=False,
                server_header=False,
                # Sent behind the length: see `encoded_headers`.
                date_header=False,
                proxy_headers=False,
                backlog=_BACKLOG,
                timeout_keep_alive=_KEEP_SECONDS,
                timeout_graceful_shutdown=_END_SECONDS,
            )
        )
        self._sockets = [listen(host, port) for host, port in addresses]

    @property
    def ports(self) -> list[int]:
        """The ports, one an address; which one an address with port 0 got."""
        return [each.getsockname()[1] for each in self._sockets]

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return len(self._server.server_state.connections)

    def run(self) -> None:
        """Answer until `stop`; in the main thread also until SIGINT or SIGTERM, passed on then.

        Requests in progress are ended within seconds, those that take longer with a 503.
        """
        self._server.run(sockets=self._sockets)

    def stop(self) -> None:
        """End soon; does not wait."""
        self._server.should_exit = True


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on one address and no other.

    :raises OSError: the address cannot be had.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        if sys.platform == "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if listener.family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
        listener.settimeout(0)
    except OSError:
        listener.close()
        raise
    return listener
