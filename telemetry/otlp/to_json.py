"""Records to OTLP JSON: what any OpenTelemetry tool reads, and what `from_json` reads back."""

from __future__ import annotations

import base64
import math
from typing import TYPE_CHECKING, Any

from telemetry.otlp.enums import KINDS, STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeVar

    from telemetry.records import (
        Attributes,
        AttributeValue,
        LogRecord,
        Resource,
        Scope,
        Span,
        SpanEvent,
        SpanLink,
    )

    R = TypeVar("R", Span, LogRecord)

_SMALL = 2**62
_KIND_NUMBERS = {name: number for number, name in enumerate(KINDS)}
_STATUS_NUMBERS = {name: number for number, name in enumerate(STATUSES)}


def traces(spans: Iterable[Span]) -> dict[str, Any]:
    """Make an ExportTraceServiceRequest, grouped by resource and scope."""
    return {"resourceSpans": _grouped(spans, span_json, "scopeSpans", "spans")}


def logs(records: Iterable[LogRecord]) -> dict[str, Any]:
    """Make an ExportLogsServiceRequest, grouped by resource and scope."""
    return {"resourceLogs": _grouped(records, log_json, "scopeLogs", "logRecords")}


def span_json(span: Span) -> dict[str, Any]:
    """Make one span, without its resource and its scope."""
    status = {"code": _STATUS_NUMBERS[span.status_code], "message": span.status_message}
    return {
        "traceId": span.trace_id,
        "spanId": span.span_id,
        **_given(traceState=span.trace_state, parentSpanId=span.parent_span_id, flags=span.flags),
        "name": span.name,
        "kind": _KIND_NUMBERS[span.kind],
        "startTimeUnixNano": str(span.start_time_unix_nano),
        "endTimeUnixNano": str(span.end_time_unix_nano),
        "attributes": key_values(span.attributes),
        "status": {key: value for key, value in status.items() if value},
        **_given(
            droppedAttributesCount=span.dropped_attributes_count,
            events=[_event(event) for event in span.events],
            droppedEventsCount=span.dropped_events_count,
            links=[link_json(link) for link in span.links],
            droppedLinksCount=span.dropped_links_count,
        ),
    }


def link_json(link: SpanLink) -> dict[str, Any]:
    """Make one link of a span."""
    return {
        "traceId": link.trace_id,
        "spanId": link.span_id,
        **_given(
            traceState=link.trace_state,
            attributes=key_values(link.attributes),
            droppedAttributesCount=link.dropped_attributes_count,
            flags=link.flags,
        ),
    }


def log_json(record: LogRecord) -> dict[str, Any]:
    """Make one log record, without its resource and its scope."""
    return {
        "timeUnixNano": str(record.time_unix_nano),
        "observedTimeUnixNano": str(record.observed_time_unix_nano),
        **_given(severityNumber=record.severity_number, severityText=record.severity_text),
        **({} if record.body is None else {"body": any_value(record.body)}),
        "attributes": key_values(record.attributes),
        **_given(
            droppedAttributesCount=record.dropped_attributes_count,
            flags=record.flags,
            traceId=record.trace_id,
            spanId=record.span_id,
            eventName=record.event_name,
        ),
    }


def resource_json(resource: Resource) -> dict[str, Any]:
    """Make a resource, without its schema URL."""
    return {
        "attributes": key_values(resource.attributes),
        **_given(droppedAttributesCount=resource.dropped_attributes_count),
    }


def scope_json(scope: Scope) -> dict[str, Any]:
    """Make a scope, without its schema URL."""
    return _given(
        name=scope.name,
        version=scope.version,
        attributes=key_values(scope.attributes),
        droppedAttributesCount=scope.dropped_attributes_count,
    )


def key_values(attributes: Attributes) -> list[dict[str, Any]]:
    """Make a list of KeyValue."""
    # Most are texts and small numbers: a call for each would cost as much as all the rest.
    return [
        {
            "key": key,
            "value": {"stringValue": value}
            if type(value) is str
            else {"intValue": str(value)}
            if type(value) is int and -_SMALL < value < _SMALL
            else any_value(value),
        }
        for key, value in attributes.items()
    ]


def any_value(value: AttributeValue) -> dict[str, Any]:
    """Make an AnyValue; an integer wider than 64 bits becomes a string, as OTLP has none wider."""
    make = _MAKERS.get(type(value))
    return {} if value is None else make(value) if make else _nested(value)


def _int(value: int) -> dict[str, Any]:
    return {"intValue" if -(2**63) <= value < 2**63 else "stringValue": str(value)}


def _double(value: float) -> dict[str, Any]:
    return {"doubleValue": value if math.isfinite(value) else _NOT_FINITE[str(value)]}


_NOT_FINITE = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
_MAKERS: dict[type, Callable[[Any], dict[str, Any]]] = {
    str: lambda value: {"stringValue": value},
    bool: lambda value: {"boolValue": value},
    int: _int,
    float: _double,
    bytes: lambda value: {"bytesValue": base64.b64encode(value).decode()},
}


def _nested(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        # A member of an enumeration of texts, which is none of its letters.
        return {"stringValue": str.__str__(value)}
    if hasattr(value, "items"):
        return {"kvlistValue": {"values": key_values(value)}}
    return {"arrayValue": {"values": [any_value(each) for each in value]}}


def _event(event: SpanEvent) -> dict[str, Any]:
    return {
        "timeUnixNano": str(event.time_unix_nano),
        "name": event.name,
        **_given(
            attributes=key_values(event.attributes),
            droppedAttributesCount=event.dropped_attributes_count,
        ),
    }


def _given(**fields: Any) -> dict[str, Any]:
    """Leave out what has its default, as protobuf's JSON mapping does."""
    return {name: value for name, value in fields.items() if value}


def _grouped(
    records: Iterable[R], make: Callable[[R], dict[str, Any]], by_scope: str, named: str
) -> list[dict[str, Any]]:
    by_resource: dict[int, tuple[Resource, list[R]]] = {}
    numbers = _Numbers()
    for record in records:
        number = numbers.of(record.resource)
        by_resource.setdefault(number, (record.resource, []))[1].append(record)
    groups: list[dict[str, Any]] = []
    for resource, of_resource in by_resource.values():
        of_scopes: dict[int, tuple[Scope, list[R]]] = {}
        for record in of_resource:
            of_scopes.setdefault(numbers.of(record.scope), (record.scope, []))[1].append(record)
        groups.append(
            {
                "resource": resource_json(resource),
                by_scope: [
                    {
                        "scope": scope_json(scope),
                        named: [make(record) for record in found],
                        **_given(schemaUrl=scope.schema_url),
                    }
                    for scope, found in of_scopes.values()
                ],
                **_given(schemaUrl=resource.schema_url),
            }
        )
    return groups


class _Numbers:
    """Numbers equal resources and scopes alike; their attributes can't be hashed."""

    def __init__(self) -> None:
        self._by_id: dict[int, int] = {}
        self._by_text: dict[str, int] = {}

    def of(self, value: Resource | Scope) -> int:
        # The records hold these objects, so that an id is not used again meanwhile.
        number = self._by_id.get(id(value))
        if number is None:
            number = self._by_text.setdefault(repr(value), len(self._by_text))
            self._by_id[id(value)] = number
        return number
