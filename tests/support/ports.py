"""Ports for the processes of a test."""

from __future__ import annotations

import random
import socket
from contextlib import suppress

# Below those that systems give to outgoing connections, which would take one before its process.
_FIRST, _LAST = 12_000, 31_999
_CHANCE = random.SystemRandom()


def free_ports(count: int) -> list[int]:
    """Return ``count`` different TCP ports that were free on loopback a moment ago."""
    found: list[int] = []
    while len(found) < count:
        port = _CHANCE.randint(_FIRST, _LAST)
        if port not in found and _is_free(port):
            found.append(port)
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as probe, suppress(OSError):
        probe.bind(("127.0.0.1", port))
        return True
    return False
