"""The ten fields that make a failure at a boundary understandable: found where, missing where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from evidence import words
from evidence.proof import Proof
from evidence.trace import Record, message, service, text
from telemetry.records import LogRecord, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evidence.perspective import Seen

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
_BOUNDARY_LOGS = {
    words.SAID_DELIVERED,
    words.SAID_NOT_DELIVERED,
    words.SAID_SKIPPED,
    words.SAID_CALLED_BACK,
    words.SAID_NOT_CALLED_BACK,
}
_MOST_FOUND = 6


@dataclass(frozen=True, slots=True)
class Found:
    """A record that carries the field, and with which value."""

    proof: Proof
    value: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A service that does not tell the field, and why not."""

    service: str
    why: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One field of the checklist."""

    field: str
    found: tuple[Found, ...]
    missing: tuple[Missing, ...]


def checklist(seen: Seen) -> tuple[Entry, ...]:
    """Look for every field in the records that are seen, logs first: at most 6 of a service."""
    by_service: dict[str, list[Record]] = {}
    for record in seen.trace.records:
        by_service.setdefault(service(record), []).append(record)
    if not seen.everything or {words.API, words.WORKER} & by_service.keys():
        # The lab's two services are expected to tell; whoever is silent is named.
        by_service.setdefault(words.API, [])
        by_service.setdefault(words.WORKER, [])
    return tuple(_entry(seen, field, by_service) for field in FIELDS)


def _entry(seen: Seen, field: str, by_service: Mapping[str, list[Record]]) -> Entry:
    found: list[Found] = []
    missing: list[Missing] = []
    for name in sorted(by_service):
        own = by_service[name]
        telling = ((record, _value(record, field)) for record in own)
        told = [Found(Proof.of(record), value) for record, value in telling if value]
        found += told[:_MOST_FOUND]
        if not told:
            missing.append(Missing(name, _why_missing(seen, field, name, own)))
    return Entry(field, tuple(found), tuple(missing))


def _value(record: Record, field: str) -> str:
    if field == "traceId":
        return record.trace_id
    if field == "service":
        return service(record)
    return text(record, *FIELDS[field])


def _why_missing(seen: Seen, field: str, name: str, own: list[Record]) -> str:
    """Why the service ``name``, which has the records ``own``, does not tell the field."""
    if not seen.sees(name):
        said = _("hidden: this side cannot see the records of %(service)s")
    elif not own:
        said = _("%(service)s has no record of this request")
    elif field in _AT_A_BOUNDARY and not any(map(_is_at_a_boundary, own)):
        said = _("%(service)s called nobody across a boundary")
    elif field == "errorKind":
        said = _("no call of %(service)s failed")
    elif field == "httpStatus":
        said = _("no answer came to %(service)s")
    else:
        said = _("no record of %(service)s carries it")
    return said % {"service": name}


def _is_at_a_boundary(record: Record) -> bool:
    if isinstance(record, Span):
        return record.name in _BOUNDARY_SPANS or record.kind == "CLIENT"
    return _is_boundary_log(record)


def _is_boundary_log(log: LogRecord) -> bool:
    return message(log) in _BOUNDARY_LOGS or bool(text(log, "boundary"))
