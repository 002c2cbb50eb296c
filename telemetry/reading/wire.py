"""Records as the page's JSON: camelCase, nanoseconds as strings, ids as they are."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from base.timestamps import timestamp
from telemetry.conventions.errors import UNNAMED, failure_of
from telemetry.conventions.names import BARE_NAMES, target
from telemetry.records import Span, SpanEvent
from telemetry.store.coding import loads
from telemetry.store.rows import level_of, message_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from telemetry.reading.queries import TraceSummary
    from telemetry.records import AttributeValue, LogRecord, Scope, SpanKind, StatusCode

# Beyond this a JavaScript number is no longer exact.
_MAX_SAFE_INTEGER = 2**53 - 1
_LONGEST_NAME = 300
_FAILED = re.compile(r'"http\.(?:response\.)?status_code":[45]\d\d')


def plain(value: AttributeValue) -> Any:
    """Turn an attribute value into what JSON can hold without loss."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return value if abs(value) <= _MAX_SAFE_INTEGER else str(value)
    if isinstance(value, float):
        # JSON has no NaN and no infinities.
        return value if value - value == 0 else str(value)
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    if hasattr(value, "items"):
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value]


def plain_attributes(attributes: Mapping[str, AttributeValue]) -> dict[str, Any]:
    """Turn attributes into what JSON can hold."""
    return {key: value if type(value) is str else plain(value) for key, value in attributes.items()}


def span_json(span: Span) -> dict[str, Any]:
    """One span for the page, whole."""
    attributes = span.attributes
    return {
        "seq": span.seq,
        "traceId": span.trace_id,
        "spanId": span.span_id,
        "parentSpanId": span.parent_span_id or None,
        "name": span.name,
        "kind": span.kind,
        "service": span.resource.service_name,
        "instance": span.resource.service_instance_id,
        "startTimeUnixNano": str(span.start_time_unix_nano),
        "endTimeUnixNano": str(span.end_time_unix_nano) if span.end_time_unix_nano else None,
        "state": span.state,
        "status": {"code": span.status_code, "message": span.status_message},
        "requestId": attributes.get("request.id"),
        "orderId": attributes.get("order.id"),
        "errorKind": attributes.get("error.type"),
        "attributes": plain_attributes(attributes),
        "events": [
            {
                "timeUnixNano": str(event.time_unix_nano),
                "name": event.name,
                "attributes": plain_attributes(event.attributes),
                "droppedAttributesCount": event.dropped_attributes_count,
            }
            for event in span.events
        ],
        "links": [
            {
                "traceId": link.trace_id,
                "spanId": link.span_id,
                "traceState": link.trace_state,
                "attributes": plain_attributes(link.attributes),
                "droppedAttributesCount": link.dropped_attributes_count,
            }
            for link in span.links
        ],
        "scope": scope_json(span.scope),
        "resource": plain_attributes(span.resource.attributes),
    }


def scope_json(scope: Scope) -> dict[str, Any]:
    """The instrumentation that made a record."""
    return {
        "name": scope.name,
        "version": scope.version,
        "attributes": plain_attributes(scope.attributes),
        "schemaUrl": scope.schema_url,
    }


OUTLINE_COLUMNS = (
    "seq",
    "spanId",
    "parentSpanId",
    "name",
    "kind",
    "service",
    "startTimeUnixNano",
    "endTimeUnixNano",
    "statusCode",
    "state",
    "errorKind",
    "events",
    "target",
)
"""What each member of an outline's row is; ``events`` are ``[name, timeUnixNano]``.

``target`` is what a span asks for whose name has the method alone.
"""


def outline_row(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """One row of `telemetry.queries.OUTLINE` for the page, in the order of `OUTLINE_COLUMNS`.

    The attributes are not decoded unless something in them is needed.
    """
    seq, span_id, parent, name, kind, service, start, end, status, state, data = row
    error_kind, happened = what_happened(kind, status, data)
    events = [(name, str(at)) for name, at in happened]
    named = parent, cut(name), kind, service
    times = str(start), str(end) if end else None
    return (seq, span_id, *named, *times, status, state, error_kind, events, asked_for(name, data))


def asked_for(name: str, data: str) -> str:
    """What a span asks for whose name has the method alone; empty for all others."""
    if name not in BARE_NAMES:
        return ""
    return cut(target(Span("", "", name, 0, attributes=loads(data)["a"])))


def what_happened(
    kind: SpanKind, status: StatusCode, data: str
) -> tuple[Any, Sequence[tuple[str, int]]]:
    """How a span failed, None where it did not, and its events by name and Unix nanoseconds."""
    if status == "ERROR" or has_more(data):
        whole = loads(data)
        error_kind = whole["a"].get("error.type") or _kind_of(kind, status, whole)
        return error_kind, [(cut(event[0]), event[1]) for event in whole.get("e", ())]
    return None, ()


def has_more(data: str) -> bool:
    """Whether a span's ``data`` may hold events, or how it failed."""
    return '"e":' in data or '"error.type"' in data or _FAILED.search(data) is not None


def cut(name: str) -> str:
    """As much of a name as a row has room for."""
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"


def _kind_of(kind: SpanKind, status: StatusCode, whole: Mapping[str, Any]) -> str | None:
    """How a span without ``error.type`` failed; None when it did not."""
    events = [SpanEvent(event[0], event[1], event[2]) for event in whole.get("e", ())]
    text = whole.get("m", "")
    bare = {"kind": kind, "status_code": status, "attributes": whole["a"]}
    failure = failure_of(Span("", "", "", 0, **bare, status_message=text, events=events))
    return None if failure is None or failure.kind == UNNAMED else failure.kind


def log_json(log: LogRecord) -> dict[str, Any]:
    """One log record for the page."""
    attributes = log.attributes
    return {
        "seq": log.seq,
        "timeUnixNano": str(log.time_unix_nano),
        "service": log.resource.service_name,
        "instance": log.resource.service_instance_id,
        "level": level_of(log),
        "severityNumber": log.severity_number,
        "msg": message_of(log),
        "attributes": plain_attributes(attributes),
        "resource": plain_attributes(log.resource.attributes),
        "scope": scope_json(log.scope),
        "eventName": log.event_name,
        "observedTimeUnixNano": str(log.observed_time_unix_nano),
        "droppedAttributesCount": log.dropped_attributes_count,
        "traceId": log.trace_id or None,
        "spanId": log.span_id or None,
        "requestId": attributes.get("requestId"),
        "orderId": attributes.get("orderId"),
        "errorKind": attributes.get("errorKind"),
    }


def summary_json(summary: TraceSummary) -> dict[str, Any]:
    """One line of the list of traces for the page."""
    row = summary.row
    services: dict[str, dict[str, Any]] = {}
    for each in summary.services:
        counts = services.setdefault(
            each.service, {"name": each.service, "spanCount": 0, "errorCount": 0}
        )
        counts["spanCount"] += each.span_count
        counts["errorCount"] += each.error_count
    start = datetime.fromtimestamp(row.start_ns / 1e9, UTC)
    return {
        "traceId": row.trace_id,
        "requestId": row.request_id or None,
        "orderId": row.order_id or None,
        "name": cut(row.name),
        "startTime": timestamp(start),
        "startTimeUnixNano": str(row.start_ns),
        "durationMs": round((row.end_ns - row.start_ns) / 1e6, 3),
        "spanCount": row.span_count,
        "errorCount": row.error_count,
        "errorKinds": sorted({each.error_kind for each in summary.services if each.error_kind}),
        "services": list(services.values()),
        "open": row.open_count > 0,
        "imported": row.imported,
        "orderStatus": row.order_status or None,
    }
