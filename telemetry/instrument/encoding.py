"""Spans and log records as OTLP JSON, in a fifth of the time of protobuf objects.

Each is written by itself: hundreds of them as objects would leave the processor's caches.
"""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import orjson
from opentelemetry.attributes import BoundedAttributes
from opentelemetry.trace import SpanKind

from telemetry.instrument.span import UNSET
from telemetry.otlp.to_json import key_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import Event
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope
    from opentelemetry.trace import Link, SpanContext, Status

    from telemetry.instrument.logs import EmittedRecord
    from telemetry.instrument.span import RecordedSpan

# Bits of `flags` in OTLP: whether it is known, and whether it is so, that the parent is remote.
_REMOTENESS_KNOWN = 0x100
_REMOTE = 0x200


def trace_request(resource: Resource, spans: Iterable[RecordedSpan]) -> bytes:
    """Encode an ExportTraceServiceRequest of a process' spans."""
    by_scope: dict[int, tuple[InstrumentationScope, list[orjson.Fragment]]] = {}
    for span in spans:
        scope = span.origin.scope
        # By its id: its hash would be computed anew for each span.
        by_scope.setdefault(id(scope), (scope, []))[1].append(_fragment(_span(span)))
    scopes = [{**_scope(scope), "spans": encoded} for scope, encoded in by_scope.values()]
    return _dumped({"resourceSpans": [{**_resource(resource), "scopeSpans": scopes}]})


def logs_request(resource: Resource, records: Iterable[EmittedRecord]) -> bytes:
    """Encode an ExportLogsServiceRequest of what a process has logged."""
    by_scope: dict[str, list[orjson.Fragment]] = {}
    for record in records:
        by_scope.setdefault(record.scope, []).append(_fragment(_log(record)))
    scopes = [
        {"scope": {"name": name}, "logRecords": encoded} for name, encoded in by_scope.items()
    ]
    return _dumped({"resourceLogs": [{**_resource(resource), "scopeLogs": scopes}]})


def _dumped(document: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(document)
    except orjson.JSONEncodeError:
        # A string that is no Unicode: it is escaped, and whoever reads it says so.
        return json.dumps(document).encode()


def _fragment(document: dict[str, Any]) -> orjson.Fragment:
    return orjson.Fragment(_dumped(document))


def _resource(resource: Resource) -> dict[str, Any]:
    return {
        "resource": {"attributes": _attributes(resource.attributes)},
        "schemaUrl": resource.schema_url,
    }


def _scope(scope: InstrumentationScope) -> dict[str, Any]:
    return {
        "scope": {
            "name": scope.name,
            "version": scope.version or "",
            "attributes": _attributes(scope.attributes),
        },
        "schemaUrl": scope.schema_url or "",
    }


def _span(span: RecordedSpan) -> dict[str, Any]:
    attributes, dropped = span.kept_attributes()
    encoded: dict[str, Any] = {
        **_context(span.context),
        "parentSpanId": f"{span.parent.span_id:016x}" if span.parent else "",
        "flags": _flags(span.parent, span.context),
        "name": span.name,
        "kind": _KINDS[span.kind],
        "startTimeUnixNano": str(span.start_time),
        "endTimeUnixNano": str(span.end_time or 0),
        "attributes": key_values(attributes),
        "status": _OF_MOST if span.status is UNSET else _status(span.status),
        "droppedAttributesCount": dropped,
    }
    if span.events:
        events, encoded["droppedEventsCount"] = span.kept_events()
        encoded["events"] = [_event(each) for each in events]
    if span.links:
        links, encoded["droppedLinksCount"] = span.kept_links()
        encoded["links"] = [_link(each) for each in links]
    return encoded


def _status(status: Status) -> dict[str, Any]:
    return {"code": status.status_code.value, "message": status.description or ""}


_OF_MOST = _status(UNSET)
_KINDS = {kind: kind.value + 1 for kind in SpanKind}


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


def _log(record: EmittedRecord) -> dict[str, Any]:
    context = record.context
    return {
        "timeUnixNano": str(record.time),
        "observedTimeUnixNano": str(record.observed_time),
        "severityNumber": record.severity_number,
        "severityText": record.severity_text,
        "body": {"stringValue": record.body},
        "attributes": key_values(record.attributes),
        **(
            {
                "traceId": f"{context.trace_id:032x}",
                "spanId": f"{context.span_id:016x}",
                "flags": context.trace_flags,
            }
            if context.is_valid
            else {}
        ),
    }


def _attributes(attributes: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    if isinstance(attributes, MappingProxyType | BoundedAttributes):
        # The SDK's own mapping locks each reading; a plain copy is read in a fifth of the time.
        attributes = attributes.copy()
    return key_values(attributes or {})
