"""A deadline for the whole of an HTTP call: connecting, sending, and every read of the answer.

`requests` bounds each read alone: a peer that sends a byte now and then delays its caller without
limit. Here the socket itself enforces the deadline of the call.
"""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from functools import partial
from typing import Any

from base.errors import DeadlineExceededError

_MAX_TIMEOUT_SECONDS = 3_600.0
_RESOLVERS = ThreadPoolExecutor(max_workers=8, thread_name_prefix="resolver")


class NeverConnectedError(OSError):
    """There was no connection: nothing was sent."""


class Deadline(threading.local):
    """The deadline of this thread's current call, on the monotonic clock."""

    at: float = float("inf")

    def remaining(self, *, connected: bool) -> float:
        """Seconds left.

        :raises DeadlineExceededError: the deadline has passed.
        """
        left = self.at - time.monotonic()
        if left <= 0:
            raise DeadlineExceededError(connected=connected)
        return left


DEADLINE = Deadline()


class DeadlineSocket(socket.socket):
    """A connected socket whose reads and writes end at the thread's `DEADLINE`."""

    def recv(self, nbytes: int, flags: int = 0, /) -> bytes:
        """Read before the deadline."""
        self.settimeout(min(DEADLINE.remaining(connected=True), _MAX_TIMEOUT_SECONDS))
        return super().recv(nbytes, flags)

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Write before the deadline."""
        self.settimeout(min(DEADLINE.remaining(connected=True), _MAX_TIMEOUT_SECONDS))
        super().sendall(data, flags)


def connect(host: str, port: int) -> DeadlineSocket:
    """Connect to the first address that accepts, before the deadline.

    Each gets an equal share of what is left, so that a silent one leaves time for the next.

    :raises DeadlineExceededError: none answered in time, or the name did not resolve in time.
    :raises NeverConnectedError: the last address refused, or the name does not resolve.
    """
    try:
        addresses = _resolve(host, port)
    except socket.gaierror as error:
        raise NeverConnectedError(f"{host} does not resolve: {error}") from error
    failure: OSError = OSError("the name has no address")
    for place, (family, kind, proto, _name, address) in enumerate(addresses):
        left = DEADLINE.remaining(connected=False)
        sock = DeadlineSocket(family, kind, proto)
        sock.settimeout(min(left, _MAX_TIMEOUT_SECONDS) / (len(addresses) - place))
        try:
            sock.connect(address)
        except OSError as error:
            sock.close()
            failure = error
        else:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
    if isinstance(failure, TimeoutError):
        raise DeadlineExceededError(connected=False) from failure
    raise NeverConnectedError(f"{host}:{port} can't be reached: {failure}") from failure


def _resolve(host: str, port: int) -> list[Any]:
    """Resolve a name before the deadline; an address needs no resolver.

    The system's resolver can't be interrupted: it continues in its thread, without effect.
    """
    resolve = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        return resolve(flags=socket.AI_NUMERICHOST)
    except socket.gaierror:
        pass
    try:
        resolving = _RESOLVERS.submit(resolve)
    except RuntimeError:
        # The interpreter is ending and starts no thread any more: what heals at exit still calls.
        return resolve()
    try:
        return resolving.result(DEADLINE.remaining(connected=False))
    except FutureTimeoutError:
        raise DeadlineExceededError(connected=False) from None
