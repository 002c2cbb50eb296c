"""Before the server of OTLP/gRPC: what is no HTTP/2 is answered and counted, all else passed on.

The server is started for the first connection that speaks HTTP/2: its library takes nine megabytes,
and most labs never hear gRPC. The library ends any other connection by itself and says nothing: its
sender would fall silent. Of too many connections the one that has been silent for longest is ended,
which its sender is told: it comes again when it has something to send.
"""

from __future__ import annotations

import logging
import struct
from typing import TYPE_CHECKING, Any

from twisted.internet.error import CannotListenError
from twisted.internet.threads import deferToThread
from twisted.protocols import policies, portforward

from base.http.message import encoded_headers, json_response
from base.process.listening import LOOPBACK
from telemetry.errors import PortTakenError
from telemetry.refused import HTTP_TO_GRPC, REFUSED, TLS_TO_GRPC

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

log = logging.getLogger("telemetry")

_PREFACE = b"PRI * HTTP/2.0\r\n"
_TLS_HANDSHAKE = b"\x16"
_SECONDS = 10
MAX_CONNECTIONS = 256
_GOAWAY = 7
_ENHANCE_YOUR_CALM = 11
_EVERY_STREAM = 2**31 - 1
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
        silent = self.factory.silent
        silent[self] = None
        if len(silent) > MAX_CONNECTIONS:
            next(iter(silent)).make_room()

    def connectionLost(self, reason: Any) -> None:  # noqa: N802 # Twisted's name
        """Forget it."""
        self.setTimeout(None)
        self.factory.silent.pop(self, None)
        super().connectionLost(reason)

    def make_room(self) -> None:
        """End it, saying why where it speaks HTTP/2."""
        self.factory.silent.pop(self, None)
        if self.peer is not None:
            self.transport.write(_go_away(f"of over {MAX_CONNECTIONS} connections this one rests"))
        self.transport.loseConnection()

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 # Twisted's name
        """Decide by the first bytes."""
        self.factory.heard(self)
        if self.peer is not None:
            super().dataReceived(data)
            return
        self.head += data
        if self.head.startswith(_PREFACE):
            self.setTimeout(None)
            # Nothing more is read until there is somewhere to send it to.
            self.transport.pauseProducing()
            self.factory.pass_on(self)
        elif not _PREFACE.startswith(self.head):
            self._refuse()

    def pass_on(self) -> None:
        """Connect it to gRPC's server, if its sender is still there."""
        if self.connected:
            super().connectionMade()

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

    def __init__(self, start: Callable[[], int]) -> None:
        super().__init__(LOOPBACK[0], 0)
        self._start = start
        self._waiting: list[Front] = []
        self.silent: dict[Front, None] = {}
        """The connections, the one that has been silent for longest first."""

    def pass_on(self, front: Front) -> None:
        """Connect one to gRPC's server, once that has been started."""
        if self.port:
            front.pass_on()
            return
        self._waiting.append(front)
        if len(self._waiting) == 1:
            deferToThread(self._start).addCallbacks(self._has_started, self._has_failed)

    def _has_started(self, port: int) -> None:
        self.port = port
        waiting, self._waiting = self._waiting, []
        for front in waiting:
            front.pass_on()

    def _has_failed(self, failure: Any) -> None:
        log.error("the server of OTLP/gRPC can't be started: %s", failure.value)
        waiting, self._waiting = self._waiting, []
        for front in waiting:
            front.transport.loseConnection()

    def heard(self, front: Front) -> None:
        """Note that somebody has sent something."""
        if front in self.silent:
            self.silent[front] = self.silent.pop(front)


def _go_away(why: str) -> bytes:
    """Return HTTP/2's frame that ends a connection."""
    payload = struct.pack("!II", _EVERY_STREAM, _ENHANCE_YOUR_CALM) + why.encode()
    return struct.pack("!I", len(payload))[1:] + struct.pack("!BBI", _GOAWAY, 0, 0) + payload


def listen(reactor: Any, addresses: Iterable[str], port: int, *, start: Callable[[], int]) -> None:
    """Listen on ``port`` of every address for as long as the process runs.

    ``start`` starts gRPC's own server, on 127.0.0.1, and returns its port.

    :raises PortTakenError: it can't, on one of them.
    """
    listening: list[Any] = []
    front = _Front(start)
    for address in addresses:
        try:
            listening.append(reactor.listenTCP(port, front, interface=address))
        except CannotListenError as error:
            for each in listening:
                each.stopListening()
            raise PortTakenError(str(error)) from None
