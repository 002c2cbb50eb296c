"""The SDK's spans and log records as OTLP JSON, in a third of the time of protobuf objects."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import orjson
from opentelemetry.attributes import BoundedAttributes

from telemetry.otlp.to_json import any_value, key_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from opentelemetry.sdk._logs import ReadableLogRecord
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import Event, ReadableSpan
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope
    from opentelemetry.trace import Link, SpanContext

    R = TypeVar("R", ReadableSpan, ReadableLogRecord)

# Bits of `flags` in OTLP: whether it is known, and whether it is so, that the parent is remote.
_REMOTENESS_KNOWN = 0x100
_REMOTE = 0x200


def trace_request(spans: Iterable[ReadableSpan]) -> bytes:
    """Encode an ExportTraceServiceRequest."""
    return _dumped({"resourceSpans": _grouped(spans, _span, "scopeSpans", "spans")})


def logs_request(records: Iterable[ReadableLogRecord]) -> bytes:
    """Encode an ExportLogsServiceRequest."""
    return _dumped({"resourceLogs": _grouped(records, _log, "scopeLogs", "logRecords")})


def _dumped(document: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(document)
    except orjson.JSONEncodeError:
        # A string that is no Unicode: it is escaped, and whoever reads it says so.
        return json.dumps(document).encode()


def _grouped(
    records: Iterable[R], make: Callable[[R], dict[str, Any]], by_scope: str, named: str
) -> list[dict[str, Any]]:
    # A process has one resource and few scopes, which its records hold: their ids are theirs alone.
    of_resources: dict[int, tuple[Resource, dict[int, dict[str, Any]]]] = {}
    for record in records:
        resource, scope = record.resource, record.instrumentation_scope
        _, of_scopes = of_resources.setdefault(id(resource), (resource, {}))
        group = of_scopes.get(id(scope))
        if group is None:
            group = of_scopes[id(scope)] = {**_scope(scope), named: []}
        group[named].append(make(record))
    return [
        {
            "resource": {"attributes": key_values(resource.attributes)},
            by_scope: list(of_scopes.values()),
            "schemaUrl": resource.schema_url,
        }
        for resource, of_scopes in of_resources.values()
    ]


def _scope(scope: InstrumentationScope | None) -> dict[str, Any]:
    if scope is None:
        return {"scope": {}}
    return {
        "scope": {
            "name": scope.name,
            "version": scope.version or "",
            "attributes": key_values(scope.attributes or {}),
        },
        "schemaUrl": scope.schema_url or "",
    }


def _span(span: ReadableSpan) -> dict[str, Any]:
    encoded = {
        **_context(span.context),
        "parentSpanId": f"{span.parent.span_id:016x}" if span.parent else "",
        "flags": _flags(span.parent, span.context),
        "name": span.name,
        "kind": span.kind.value + 1,
        "startTimeUnixNano": str(span.start_time or 0),
        "endTimeUnixNano": str(span.end_time or 0),
        "attributes": _attributes(span.attributes),
        "status": {"code": span.status.status_code.value, "message": span.status.description or ""},
    }
    if span.events:
        encoded["events"] = [_event(each) for each in span.events]
    if span.links:
        encoded["links"] = [_link(each) for each in span.links]
    if span.dropped_attributes:
        encoded["droppedAttributesCount"] = span.dropped_attributes
    if span.dropped_events:
        encoded["droppedEventsCount"] = span.dropped_events
    if span.dropped_links:
        encoded["droppedLinksCount"] = span.dropped_links
    return encoded


def _context(context: SpanContext | None) -> dict[str, Any]:
    if context is None:
        return {}
    ids = {"traceId": f"{context.trace_id:032x}", "spanId": f"{context.span_id:016x}"}
    return ids | {"traceState": context.trace_state.to_header()} if context.trace_state else ids


def _flags(parent: SpanContext | None, context: SpanContext | None) -> int:
    remote = _REMOTE if parent is not None and parent.is_remote else 0
    return _REMOTENESS_KNOWN | remote | (context.trace_flags if context is not None else 0)


def _event(event: Event) -> dict[str, Any]:
    return {
        "timeUnixNano": str(event.timestamp),
        "name": event.name,
        "attributes": _attributes(event.attributes),
        "droppedAttributesCount": event.dropped_attributes,
    }


def _link(link: Link) -> dict[str, Any]:
    return {
        **_context(link.context),
        "flags": _flags(link.context, link.context),
        "attributes": _attributes(link.attributes),
        "droppedAttributesCount": link.dropped_attributes,
    }


def _log(readable: ReadableLogRecord) -> dict[str, Any]:
    record = readable.log_record
    return {
        "timeUnixNano": str(record.timestamp or 0),
        "observedTimeUnixNano": str(record.observed_timestamp or 0),
        "severityNumber": record.severity_number.value if record.severity_number else 0,
        "severityText": record.severity_text or "",
        "body": any_value(record.body),
        "attributes": _attributes(record.attributes),
        "droppedAttributesCount": readable.dropped_attributes,
        "flags": record.trace_flags or 0,
        "traceId": f"{record.trace_id:032x}" if record.trace_id else "",
        "spanId": f"{record.span_id:016x}" if record.span_id else "",
        "eventName": record.event_name or "",
    }


def _attributes(attributes: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    if isinstance(attributes, MappingProxyType | BoundedAttributes):
        # The SDK's own mapping locks each reading; a plain copy is read in a fifth of the time.
        attributes = attributes.copy()
    return key_values(attributes or {})
