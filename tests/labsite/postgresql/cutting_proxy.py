"""A TCP proxy that breaks a connection at a given piece of what goes through it."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.support.upstreams import reset, server

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Cut:
    """Where to break a connection: at ``piece``, once ``after`` has gone through the same one.

    ``passed_on`` is whether the upstream gets the piece; its answer never comes back.
    """

    piece: bytes
    passed_on: bool
    after: bytes = b""


class CuttingProxy:
    """Passes on all bytes, until a connection comes to the ``next_cut``: that one is reset."""

    def __init__(self, upstream_port: int) -> None:
        self.port = 0
        self.next_cut: Cut | None = None
        self._upstream_port = upstream_port

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Accept connections at ``port``."""
        with server(self._carry) as url:
            self.port = int(url.rpartition(":")[2])
            yield

    def _carry(self, caller: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", self._upstream_port)) as upstream:
            threading.Thread(target=_pass_on, args=[upstream, caller], daemon=True).start()
            begun: Cut | None = None
            while data := caller.recv(_CHUNK):
                cut = self.next_cut
                if cut is not None and cut.after in data:
                    begun = cut
                if begun is not None and begun is cut and cut.piece in data:
                    self.next_cut = None
                    if cut.passed_on:
                        upstream.sendall(data)
                    reset(caller)
                    break
                upstream.sendall(data)
            # It closes once it has done what it was sent.
            upstream.shutdown(socket.SHUT_WR)


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(_CHUNK):
            target.sendall(data)
