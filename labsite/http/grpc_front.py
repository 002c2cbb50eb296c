"""Before the server of OTLP/gRPC: what is no HTTP/2 is answered and counted, all else passed on.

gRPC's library ends such a connection by itself and says nothing: its sender would fall silent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twisted.internet.error import CannotListenError
from twisted.protocols import policies, portforward

from base.http.message import encoded_headers, json_response
from base.process.listening import LOOPBACK
from telemetry.errors import PortTakenError
from telemetry.refused import HTTP_TO_GRPC, REFUSED, TLS_TO_GRPC

if TYPE_CHECKING:
    from collections.abc import Iterable

_PREFACE = b"PRI * HTTP/2.0\r\n"
_TLS_HANDSHAKE = b"\x16"
_SECONDS = 10
# Their methods are typed in part, and not for subclasses.
_ProxyClient: Any = portforward.ProxyClient
_ProxyServer: Any = portforward.ProxyServer
_Timeouts: Any = policies.TimeoutMixin
_HELP = "this port takes OTLP/gRPC; OTLP/HTTP has a port of its own, 4318 unless set otherwise"


class _Upstream(_ProxyClient):  # type: ignore[misc] # Twisted's
    """The connection to gRPC's server, which gets first what has been read already."""

    def connectionMade(self) -> None:  # noqa: N802 # Twisted's name
        super().connectionMade()
        self.transport.write(self.peer.head)


class _UpstreamFactory(portforward.ProxyClientFactory):
    protocol = _Upstream
    noisy = False


class Front(_ProxyServer, _Timeouts):  # type: ignore[misc] # Twisted's
    """One connection of a sender."""

    clientProtocolFactory = _UpstreamFactory  # noqa: N815 # Twisted's name
    head = b""

    def connectionMade(self) -> None:  # noqa: N802 # Twisted's name
        """Wait for the first bytes."""
        self.setTimeout(_SECONDS)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 # Twisted's name
        """Decide by the first bytes."""
        if self.peer is not None:
            super().dataReceived(data)
            return
        self.head += data
        if self.head.startswith(_PREFACE):
            self.setTimeout(None)
            super().connectionMade()
        elif not _PREFACE.startswith(self.head):
            self._refuse()

    def _refuse(self) -> None:
        if self.head.startswith(_TLS_HANDSHAKE):
            REFUSED.count(TLS_TO_GRPC)
        else:
            REFUSED.count(HTTP_TO_GRPC)
            response = json_response(400, {"error": _HELP, "message": _HELP})
            lines = [b"%s: %s" % pair for pair in encoded_headers(response)]
            head = [b"HTTP/1.1 400 Bad Request", *lines, b"Connection: close", b"", response.body]
            self.transport.write(b"\r\n".join(head))
        self.transport.loseConnection()


class _Front(portforward.ProxyFactory):
    protocol = Front
    noisy = False


def listen(reactor: Any, addresses: Iterable[str], port: int, *, upstream: int) -> None:
    """Listen on ``port`` of every address for as long as the process runs.

    ``upstream`` is the port of gRPC's own server, on 127.0.0.1.

    :raises PortTakenError: it can't, on one of them.
    """
    listening: list[Any] = []
    for address in addresses:
        try:
            front = _Front(LOOPBACK[0], upstream)
            listening.append(reactor.listenTCP(port, front, interface=address))
        except CannotListenError as error:
            for each in listening:
                each.stopListening()
            raise PortTakenError(str(error)) from None
