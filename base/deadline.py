"""A deadline for the whole of an HTTP call: connecting, sending, and every read of the answer.

`requests` and urllib3 bound each read alone: a peer that sends a byte now and then delays its
caller without limit. Here the socket itself enforces the deadline of the call. Over TLS only each
read is bounded, as in `requests`.
"""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from functools import partial
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, PoolManager
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError

from base.errors import DeadlineExceededError

CALL_ERRORS = (requests.RequestException, HTTPError, OSError, DeadlineExceededError)
"""What a call, or reading its response, may raise."""

_MAX_TIMEOUT_SECONDS = 3_600.0
_ONE_WRITE = 65_536
_RESOLVERS = ThreadPoolExecutor(max_workers=8, thread_name_prefix="resolver")


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

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """Read before the deadline."""
        self.settimeout(min(DEADLINE.remaining(connected=True), _MAX_TIMEOUT_SECONDS))
        return super().recv_into(buffer, nbytes, flags)

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Write before the deadline."""
        self.settimeout(min(DEADLINE.remaining(connected=True), _MAX_TIMEOUT_SECONDS))
        super().sendall(data, flags)


class DeadlineConnection(HTTPConnection):
    """A connection that is made, written and read within the thread's `DEADLINE`.

    A small request goes out in one write, so that a network that loses a piece loses all of it:
    a body without its head would be answered as a malformed request.
    """

    _unsent: bytearray | None = None

    def request(self, *args: Any, **kwargs: Any) -> None:
        """Send a request."""
        self._unsent = bytearray()
        try:
            super().request(*args, **kwargs)
            self._flush()
        finally:
            self._unsent = None

    def send(self, data: Any) -> None:
        """Send a part of a request, or keep it for the next one."""
        if self._unsent is None or not isinstance(data, bytes):
            self._flush()
            super().send(data)
            return
        self._unsent += data
        if len(self._unsent) > _ONE_WRITE:
            self._flush()

    def _flush(self) -> None:
        if self._unsent:
            super().send(bytes(self._unsent))
            self._unsent.clear()

    def connect(self) -> None:
        """Connect to the first address that accepts, before the deadline.

        Each gets an equal share of what is left, so that a silent one leaves time for the next.

        :raises DeadlineExceededError: none answered in time, or the name did not resolve in time.
        :raises NewConnectionError: the last address refused.
        :raises NameResolutionError: the name does not resolve.
        """
        try:
            addresses = _resolve(self.host, self.port)
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
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
                self.sock = sock
                return
        if isinstance(failure, TimeoutError):
            raise DeadlineExceededError(connected=False) from failure
        raise NewConnectionError(self, f"no address could be reached: {failure}") from failure


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


class DeadlinePool(HTTPConnectionPool):
    """Connections to one host."""

    ConnectionCls = DeadlineConnection


class DeadlineAdapter(HTTPAdapter):
    """The adapter for a `requests.Session` whose calls keep the thread's `DEADLINE`.

    Nothing is retried: when a reused connection breaks, the request may have arrived. A connection
    that the peer has closed meanwhile is noticed before it is reused.
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


def direct_session() -> requests.Session:
    """Make a session that ignores the proxies of the environment."""
    session = requests.Session()
    session.trust_env = False
    return session


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: ``content`` is None when it was too long, or was interrupted by ``error``."""

    status: int
    content: bytes | None
    error: Exception | None = None


class _Sessions(threading.local):
    def __init__(self) -> None:
        self.session = direct_session()
        self.session.mount("http://", DeadlineAdapter(max_retries=0))


_SESSIONS = _Sessions()


def exchange(prepared: requests.PreparedRequest, *, seconds: float, most_bytes: int) -> Answer:
    """Send on the thread's own connections and read the complete response within ``seconds``.

    :raises CALL_ERRORS: there was no response, not even a status.
    """
    DEADLINE.at = time.monotonic() + seconds
    try:
        response = _SESSIONS.session.send(
            prepared, timeout=seconds, allow_redirects=False, stream=True
        )
        try:
            return Answer(response.status_code, _read(response, most_bytes))
        except CALL_ERRORS as error:
            response.close()
            return Answer(response.status_code, None, error)
    finally:
        DEADLINE.at = float("inf")


def _read(response: requests.Response, most_bytes: int) -> bytes | None:
    content: bytes = response.raw.read(most_bytes + 1, decode_content=True)
    if len(content) > most_bytes:
        response.close()
        return None
    # Only a connection whose response has been read completely can be reused.
    response.raw.release_conn()
    return content
