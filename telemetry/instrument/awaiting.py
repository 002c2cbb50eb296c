"""Waiting for the observer, which starts at the same time, before anything is sent to it."""

from __future__ import annotations

import socket
import time
from typing import Final
from urllib.parse import urlsplit

_CONNECT_SECONDS: Final = 0.5
LONGEST_SECONDS: Final = 60.0
"""As long as a process of the lab may take to start."""


class StartOf:
    """Whoever is to listen at ``endpoint``, awaited once; for one thread."""

    def __init__(self, endpoint: str, *, longest_seconds: float = LONGEST_SECONDS) -> None:
        parts = urlsplit(endpoint)
        port = parts.port or {"https": 443}.get(parts.scheme, 80)
        self._address = (parts.hostname or "", port)
        self._until = time.monotonic() + longest_seconds
        self._is_over = False

    def is_awaited(self) -> bool:
        """Whether it has not listened yet; False for good once it has, or is overdue."""
        if not self._is_over:
            self._is_over = time.monotonic() >= self._until or self._listens()
        return not self._is_over

    def _listens(self) -> bool:
        try:
            with socket.create_connection(self._address, timeout=_CONNECT_SECONDS):
                return True
        except OSError:
            return False
