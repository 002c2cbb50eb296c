"""Free ports, loopback addresses, and waiting for a condition."""

from __future__ import annotations

import socket
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LOOPBACK = ("127.0.0.1", "::1")
_CONNECT_SECONDS = 1.0
_DESCRIPTORS = 4_096


def loopback_addresses(bind: str) -> list[str]:
    """List the addresses to listen on for ``bind``: both loopbacks where there are two."""
    if bind != LOOPBACK[0]:
        return [bind]
    return [LOOPBACK[0], *(LOOPBACK[1:] if _has_ipv6_loopback() else ())]


def port_is_free(port: int, *, host: str = LOOPBACK[0]) -> bool:
    """Whether ``port`` could be listened on at ``host`` now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        if family == socket.AF_INET6:
            probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def is_listened_on(host: str, port: int) -> bool:
    """Whether somebody accepts connections at ``port`` of ``host``."""
    try:
        with socket.create_connection((host, port), timeout=_CONNECT_SECONDS):
            return True
    except OSError:
        return False


def wait_until(condition: Callable[[], bool], *, seconds: float, every: float = 0.03) -> bool:
    """Wait until ``condition`` holds, ``seconds`` at most; return whether it did."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(every)
    return True


def allow_many_descriptors() -> None:
    """Raise the process's own limit of open files, which is 256 on macOS."""
    if sys.platform != "win32":
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        target = _DESCRIPTORS if hard == resource.RLIM_INFINITY else min(_DESCRIPTORS, hard)
        if soft != resource.RLIM_INFINITY and soft < target:
            resource.setrlimit(resource.RLIMIT_NOFILE, (target, hard))


def _has_ipv6_loopback() -> bool:
    if not socket.has_ipv6:
        return False
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind((LOOPBACK[1], 0))
    except OSError:
        return False
    return True
