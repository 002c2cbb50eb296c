"""Whether a port can be listened on, and whether a process answers."""

from __future__ import annotations

import http.client
import socket
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

LOOPBACK = ("127.0.0.1", "::1")


def loopback_addresses(bind: str) -> list[str]:
    """List the addresses to listen on for ``bind``: both loopbacks where there are two."""
    if bind != LOOPBACK[0]:
        return [bind]
    return [LOOPBACK[0], *(LOOPBACK[1:] if _has_ipv6_loopback() else ())]


def port_is_free(port: int, *, host: str = LOOPBACK[0]) -> bool:
    """Whether ``port`` could be listened on at ``host`` now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def answers(url: str, *, timeout: float = 1.0) -> bool:
    """Whether a GET of ``url`` is answered with 200 within ``timeout`` seconds a read."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)
    try:
        connection.request("GET", parts.path or "/", headers={"Connection": "close"})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def wait_until(condition: Callable[[], bool], *, seconds: float, every: float = 0.03) -> bool:
    """Wait until ``condition`` holds, ``seconds`` at most; say whether it did."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(every)
    return True


def _has_ipv6_loopback() -> bool:
    if not socket.has_ipv6:
        return False
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind((LOOPBACK[1], 0))
    except OSError:
        return False
    return True
