"""The fields that make a failure between services understandable, as far as the system has them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from evidence.model.checklist import Entry, by_service, entry
from evidence.model.trace import Record, service, text
from telemetry.conventions import names
from telemetry.conventions.errors import failure_of
from telemetry.records import Span

if TYPE_CHECKING:
    from evidence.model.perspective import Seen

_ALWAYS = ("traceId", "service", "errorKind")
_CARRIED: dict[str, tuple[str, ...]] = {
    "httpStatus": (*names.HTTP_STATUS, "httpStatus"),
    "attempt": (*names.RESEND_COUNT, "attempt", "lab.attempt"),
    "timeoutMs": ("timeoutMs", "lab.timeout_ms"),
    "elapsedMs": ("elapsedMs", "lab.elapsed_ms"),
    "boundary": ("boundary", "lab.boundary"),
    "requestId": ("requestId", "request.id"),
    "orderId": ("orderId", "order.id"),
}
_OF_A_CALL = frozenset({"httpStatus", "attempt", "timeoutMs", "elapsedMs", "boundary"})


def checklist(seen: Seen) -> tuple[Entry, ...]:
    """Look for every field that any record has which is seen."""
    records = by_service(seen.trace.records)
    had = [field for field in _CARRIED if any(_value(field, each) for each in seen.trace.records)]
    return tuple(
        entry(
            field, records, value=partial(_value, field), why_missing=partial(_why_missing, field)
        )
        for field in (*_ALWAYS, *had)
    )


def _value(field: str, record: Record) -> str:
    if field == "traceId":
        return record.trace_id
    if field == "service":
        return service(record)
    if field == "errorKind" and isinstance(record, Span):
        failure = failure_of(record)
        return failure.kind if failure is not None else ""
    return text(record, *_CARRIED.get(field, (field,)))


def _why_missing(field: str, _name: str, own: list[Record]) -> str:
    if field == "errorKind":
        return "missing.no_failure"
    spans = [record for record in own if isinstance(record, Span)]
    calls = any(span.kind != "INTERNAL" for span in spans)
    return "missing.no_call" if field in _OF_A_CALL and not calls else "missing.not_carried"
