"""What was sent by OTLP and not kept, since this process began: counted, so that nothing is dropped
in silence, and remembered for a while, so that the page can say what would let it in.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

ORIGIN: Final = "otlp_origin"
"""A page of an origin that may not send; `LAB_OTLP_ORIGINS` lets it."""
HOST: Final = "otlp_host"
"""A host name that is not served; `LAB_ALLOWED_HOSTS` has those that are."""
CODING: Final = "otlp_coding"
"""A content coding that can't be unpacked here."""
PATH: Final = "otlp_path"
"""A path below ``/v1/`` that is no signal's."""
GRPC_TO_HTTP: Final = "otlp_grpc_to_http"
"""OTLP/gRPC at a port of OTLP/HTTP."""
HTTP_TO_GRPC: Final = "otlp_http_to_grpc"
"""HTTP/1.1 at the port of OTLP/gRPC."""
TLS_TO_GRPC: Final = "otlp_tls_to_grpc"
"""TLS at the port of OTLP/gRPC, which speaks none."""
GRPC_PORT_TAKEN: Final = "otlp_grpc_port_taken"
"""Another program has the port of OTLP/gRPC: what is sent there does not come here."""
GRPC_MISSING: Final = "otlp_grpc_missing"
"""The package for OTLP/gRPC is not there: nobody listens on its port."""

HOST_REFUSED: Final = "this host name is not served here; LAB_ALLOWED_HOSTS lets it in"
"""What a sender to such a host name is answered, by either transport."""

SECONDS: Final = 600.0
"""How long after the last attempt it is still news."""

_STANDING = frozenset({GRPC_PORT_TAKEN, GRPC_MISSING})
_MAX_ENTRIES = 100
_MAX_VALUE_LENGTH = 100
_MAX_SENDERS = 1_000


@dataclass(slots=True)
class _Entry:
    count: int = 0
    last: float = 0.0


class Refused:
    """The counts of one process; any thread may count."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: dict[tuple[str, str], _Entry] = {}
        self._metric_points = 0
        self._told: set[str] = set()

    def count(self, code: str, value: str = "") -> None:
        """Count an attempt; of the many different ones the longest ago are forgotten."""
        key = (code, value[:_MAX_VALUE_LENGTH])
        with self._lock:
            entry = self._entries.pop(key, None) or _Entry()
            entry.count += 1
            entry.last = self._clock()
            self._entries[key] = entry
            if len(self._entries) > _MAX_ENTRIES:
                del self._entries[next(iter(self._entries))]

    def count_metrics(self, points: int, sender: str) -> bool:
        """Count data points that are not kept; return whether ``sender`` is to be notified now.

        It is notified once: most SDKs write an error for each answer that is not all success.
        """
        with self._lock:
            self._metric_points += points
            if sender in self._told or len(self._told) >= _MAX_SENDERS:
                return False
            self._told.add(sender)
            return True

    @property
    def metric_points(self) -> int:
        """How many data points of metrics came in."""
        return self._metric_points

    def listed(self) -> list[dict[str, Any]]:
        """List what was refused, as JSON: ``code``, ``value``, ``count``."""
        with self._lock:
            return [
                {"code": code, "value": value, "count": entry.count}
                for (code, value), entry in self._entries.items()
            ]

    def recent(self) -> list[tuple[str, str]]:
        """List code and value of what was tried in the last `SECONDS`, or holds still, sorted."""
        since = self._clock() - SECONDS
        with self._lock:
            return sorted(
                key
                for key, entry in self._entries.items()
                if entry.last >= since or key[0] in _STANDING
            )


REFUSED = Refused()
