"""The ten fields that make a failure at a boundary understandable: found where, missing where.

A field is found when every service that the question needs it of has it: what identifies a request
is needed of all, what describes a call of those that called across a boundary.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from evidence.model.checklist import Entry, by_service, entry
from evidence.model.crossing import UNNAMED
from evidence.model.trace import Record, log_message, service, text
from evidence.orders import words
from evidence.orders.crossings import OUTCOME_LOGS
from telemetry.records import Span

if TYPE_CHECKING:
    from evidence.model.perspective import Seen

FIELDS: dict[str, tuple[str, ...]] = {
    "requestId": ("requestId", "request.id"),
    "orderId": ("orderId", "order.id"),
    "boundary": ("boundary", "lab.boundary"),
    "timeoutMs": ("timeoutMs", "lab.timeout_ms"),
    "errorKind": ("errorKind", "error.type"),
    "attempt": ("attempt", "lab.attempt"),
    "traceId": (),
    "elapsedMs": ("elapsedMs", "lab.elapsed_ms"),
    "httpStatus": ("httpStatus", "http.response.status_code", "http.status_code"),
    "service": (),
}
"""Each field of the contract, and the attributes of logs and spans that carry it."""

_AT_A_BOUNDARY = frozenset(
    {"boundary", "timeoutMs", "errorKind", "attempt", "elapsedMs", "httpStatus"}
)
_BOUNDARY_SPANS = {words.SPAN_DELIVER, words.SPAN_CALLBACK}


def checklist(seen: Seen) -> tuple[Entry, ...]:
    """Look for every field in the records that are seen, logs first: at most 6 of a service."""
    records = by_service(seen.trace.records)
    if not seen.everything or {words.API, words.WORKER} & records.keys():
        # Records of the lab's two services are expected: one without any is named.
        records.setdefault(words.API, [])
        records.setdefault(words.WORKER, [])
    return tuple(
        entry(
            field,
            records,
            value=partial(_value, field),
            why_missing=partial(_why_missing, seen, field),
        )
        for field in FIELDS
    )


def _value(field: str, record: Record) -> str:
    if field == "traceId":
        return record.trace_id
    if field == "service":
        return service(record)
    if field in _AT_A_BOUNDARY and not _is_at_a_boundary(record):
        # A status that a service gave to its own caller is not the one that it was given.
        return ""
    value = text(record, *FIELDS[field])
    # What stands for a kind that is not known is none.
    return "" if field == "errorKind" and value in UNNAMED else value


def _why_missing(seen: Seen, field: str, name: str, own: list[Record]) -> str:
    """The code of why no record of ``own``, the service ``name`` having no other, has the field."""
    if not seen.sees(name):
        return "missing.hidden"
    if field in _AT_A_BOUNDARY and not any(map(_is_at_a_boundary, own)):
        return "missing.no_call"
    if not own:
        return "missing.no_record"
    if field == "errorKind" and not any(text(record, *FIELDS[field]) for record in own):
        return "missing.no_failure"
    if field == "httpStatus":
        return "missing.no_answer"
    return "missing.not_carried"


def _is_at_a_boundary(record: Record) -> bool:
    if isinstance(record, Span):
        return record.name in _BOUNDARY_SPANS or record.kind == "CLIENT"
    return log_message(record) in OUTCOME_LOGS or bool(text(record, "boundary"))
