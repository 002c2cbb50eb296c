"""A deadline for the whole of an HTTP call: connecting, sending, and every read of the answer.

`requests` and urllib3 bound each read alone, so that a peer which sends a byte now and then holds
its caller for ever. Here the socket itself knows when the call must be over and waits no longer.
"""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, PoolManager
from urllib3.connection import HTTPConnection

from boundary.error_kind import DeadlineExceededError

_POOL_SIZE = 4


class Deadline(threading.local):
    """The moment by which the calls of this thread must be over, on the monotonic clock."""

    at: float = float("inf")

    def remaining(self, *, connected: bool) -> float:
        """Seconds left.

        :raises DeadlineExceededError: none are.
        """
        left = self.at - time.monotonic()
        if left <= 0:
            raise DeadlineExceededError(connected=connected)
        return left


DEADLINE = Deadline()


class DeadlineSocket(socket.socket):
    """A connected socket whose reads and writes end at the thread's `DEADLINE`."""

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """Read, waiting no longer than the call may last."""
        self.settimeout(min(DEADLINE.remaining(connected=True), _LONGEST_WAIT_SECONDS))
        return super().recv_into(buffer, nbytes, flags)

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Write, waiting no longer than the call may last."""
        self.settimeout(min(DEADLINE.remaining(connected=True), _LONGEST_WAIT_SECONDS))
        super().sendall(data, flags)


class DeadlineConnection(HTTPConnection):
    """A connection that is made, written and read within the thread's `DEADLINE`."""

    def _new_conn(self) -> socket.socket:
        self.timeout = min(DEADLINE.remaining(connected=False), _LONGEST_WAIT_SECONDS)
        plain = super()._new_conn()
        return DeadlineSocket(plain.family, plain.type, plain.proto, fileno=plain.detach())


class DeadlinePool(HTTPConnectionPool):
    """Connections to one host."""

    ConnectionCls = DeadlineConnection


class DeadlineAdapter(HTTPAdapter):
    """What a `requests.Session` is given so that its calls keep the thread's `DEADLINE`.

    Nothing is sent twice: a request on a kept connection that breaks is a failure, since it may
    have arrived. A kept connection that the peer has closed meanwhile is noticed before it is used.
    """

    def init_poolmanager(self, connections: int, maxsize: int, *args: Any, **kwargs: Any) -> None:
        """Make the pools of this adapter."""
        del args  # whether to wait for a free connection: a thread has its own
        manager = PoolManager(num_pools=connections, maxsize=maxsize, **kwargs)
        manager.pool_classes_by_scheme = {
            **manager.pool_classes_by_scheme,
            "http": DeadlinePool,
        }
        self.poolmanager = manager


_LONGEST_WAIT_SECONDS = 3_600.0
