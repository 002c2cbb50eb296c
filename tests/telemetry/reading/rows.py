"""Rows of the telemetry store of which a test names only what matters to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telemetry.models import Interned, LogRow, SpanRow, TraceRow, TraceService

if TYPE_CHECKING:
    from django.db.models import Model

MS = 1_000_000
# No other test has this number, under which a reader remembers what it has read.
_INTERNED = 987_654


def trace(number: int, *, ms: int = 5, start_ns: int | None = None, **columns: Any) -> str:
    """Store a trace that took ``ms``; later numbers start later. Return its id."""
    start = number * 1_000 * MS if start_ns is None else start_ns
    own = {
        "trace_id": f"{number:032x}",
        "request_id": f"r{number}",
        "order_id": f"o{number}",
        "start_ns": start,
        "end_ns": start + ms * MS,
    }
    return str(_create(TraceRow, own | columns).trace_id)


def service(trace_id: str, name: str, error_kind: str = "") -> None:
    """Store that a service takes part in a trace."""
    _create(TraceService, {"trace_id": trace_id, "service": name, "error_kind": error_kind})


def span(trace_id: str, number: int = 1, **columns: Any) -> None:
    """Store a span of a trace."""
    own = {"span_id": f"{number:016x}", "state": "ended"}
    _create(SpanRow, _of_trace(trace_id) | own | columns)


def log(trace_id: str, number: int = 1, **columns: Any) -> None:
    """Store a log record of a trace."""
    _create(LogRow, _of_trace(trace_id) | {"digest": f"{trace_id[-16:]}-{number}"} | columns)


def _of_trace(trace_id: str) -> dict[str, Any]:
    Interned.objects.get_or_create(id=_INTERNED, defaults={"data": "{}"})
    return {"trace_id": trace_id, "data": "{}", "resource_id": _INTERNED, "scope_id": _INTERNED}


def _create(model: type[Model], columns: dict[str, Any]) -> Any:
    empty: dict[str, Any] = {
        field.attname: "" if field.get_internal_type() in ("CharField", "TextField") else 0
        for field in model._meta.local_concrete_fields
        if not field.primary_key
    }
    return model._default_manager.create(**{**empty, **columns})
