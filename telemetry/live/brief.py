"""Records as every open page hears of them: what moves on the map, what a line of the log shows.

Whatever a sender chose is cut to what there is room for; the rest is read when a record is opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telemetry.reading.wire import plain
from telemetry.store.rows import level_of, message_of

if TYPE_CHECKING:
    from telemetry.records import AttributeValue, LogRecord, Span

LONGEST_MESSAGE = 1_000
LONGEST_VALUE = 400
MOST_ATTRIBUTES = 64
_OF_A_CALL = ("lab.boundary",)


def brief_span(span: Span) -> dict[str, Any]:
    """Return what a page does with a span that has just come."""
    attributes = span.attributes
    return {
        "seq": span.seq,
        "traceId": span.trace_id,
        "spanId": span.span_id,
        "name": _cut(span.name),
        "kind": span.kind,
        "service": span.resource.service_name,
        "state": span.state,
        "requestId": _cut(attributes.get("request.id")),
        "orderId": _cut(attributes.get("order.id")),
        "errorKind": _cut(attributes.get("error.type")),
        "attributes": {key: _cut(attributes[key]) for key in _OF_A_CALL if key in attributes},
    }


def brief_log(log: LogRecord) -> dict[str, Any]:
    """Return what a line of the log shows, and is searched by."""
    attributes = log.attributes
    shown = [key for key, value in attributes.items() if _is_plain(value)][:MOST_ATTRIBUTES]
    return {
        "seq": log.seq,
        "timeUnixNano": str(log.time_unix_nano),
        "service": log.resource.service_name,
        "level": level_of(log),
        "msg": message_of(log)[:LONGEST_MESSAGE],
        "attributes": {key[:LONGEST_VALUE]: _cut(attributes[key]) for key in shown},
        "traceId": log.trace_id or None,
        "spanId": log.span_id or None,
        "requestId": _cut(attributes.get("requestId")),
        "orderId": _cut(attributes.get("orderId")),
        "errorKind": _cut(attributes.get("errorKind")),
    }


def _is_plain(value: AttributeValue) -> bool:
    return isinstance(value, str | bool | int | float)


def _cut(value: AttributeValue) -> Any:
    """As much of a text as is shown; what has members is shown only when it is opened."""
    if isinstance(value, str):
        return value[:LONGEST_VALUE]
    return plain(value) if _is_plain(value) else None
