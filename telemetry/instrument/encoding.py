"""Spans and log records as OTLP JSON, in a fifth of the time of protobuf objects.

Each is written by itself: hundreds of them as objects would leave the processor's caches.
"""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import orjson
from opentelemetry.attributes import BoundedAttributes
from opentelemetry.trace import DEFAULT_TRACE_STATE, SpanKind

from telemetry.instrument.span import UNSET
from telemetry.otlp.to_json import key_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import Event
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope
    from opentelemetry.trace import Link, Status

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
    parent = span.parent
    # At once: a property for each would be a call for each.
    trace_id, span_id, _, flags, state, _ = span.context
    encoded: dict[str, Any] = {
        "traceId": f"{trace_id:032x}",
        "spanId": f"{span_id:016x}",
        "parentSpanId": f"{parent[1]:016x}" if parent else "",
        "flags": _REMOTENESS_KNOWN | (_REMOTE if parent and parent[2] else 0) | flags,
        "name": span.name,
        "kind": _KINDS[id(span.kind)],
        "startTimeUnixNano": str(span.start_time),
        "endTimeUnixNano": str(span.end_time or 0),
        "attributes": key_values(attributes),
        "status": _OF_MOST if span.status is UNSET else _status(span.status),
        "droppedAttributesCount": dropped,
    }
    if state is not DEFAULT_TRACE_STATE and state:
        encoded["traceState"] = state.to_header()
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
# By its id: its hash is a function of Python's, as its value is.
_KINDS = {id(kind): kind.value + 1 for kind in SpanKind}


def _event(event: Event) -> dict[str, Any]:
    return {
        "timeUnixNano": str(event.timestamp),
        "name": event.name,
        "attributes": _attributes(event.attributes),
        "droppedAttributesCount": event.dropped_attributes,
    }


def _link(link: Link) -> dict[str, Any]:
    context = link.context
    return {
        "traceId": f"{context.trace_id:032x}",
        "spanId": f"{context.span_id:016x}",
        **({"traceState": context.trace_state.to_header()} if context.trace_state else {}),
        "flags": _REMOTENESS_KNOWN | (_REMOTE if context.is_remote else 0) | context.trace_flags,
        "attributes": _attributes(link.attributes),
        "droppedAttributesCount": link.dropped_attributes,
    }


def _log(record: EmittedRecord) -> dict[str, Any]:
    trace_id, span_id, _, flags, _, is_valid = record.context
    return {
        "timeUnixNano": str(record.time),
        "observedTimeUnixNano": str(record.observed_time),
        "severityNumber": record.severity_number,
        "severityText": record.severity_text,
        "body": {"stringValue": record.body},
        "attributes": key_values(record.attributes),
        **(
            {
                "traceId": f"{trace_id:032x}",
                "spanId": f"{span_id:016x}",
                "flags": flags,
            }
            if is_valid
            else {}
        ),
    }


def _attributes(attributes: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    if isinstance(attributes, MappingProxyType | BoundedAttributes):
        # The SDK's own mapping locks each reading; a plain copy is read in a fifth of the time.
        attributes = attributes.copy()
    return key_values(attributes or {})
