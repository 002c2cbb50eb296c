"""OTLP's enumerations and bounds, the same for both of its encodings."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telemetry.records import SpanKind, StatusCode

KINDS: tuple[SpanKind, ...] = (
    "UNSPECIFIED",
    "INTERNAL",
    "SERVER",
    "CLIENT",
    "PRODUCER",
    "CONSUMER",
)
STATUSES: tuple[StatusCode, ...] = ("UNSET", "OK", "ERROR")

MAX_DEPTH = 48
"""How deep values may be nested: as deep as protobuf itself lets arrays in arrays be."""

MAX_UINT32 = 2**32 - 1
MAX_UINT64 = 2**64 - 1
