"""Records as Jaeger's JSON, as its UI and its query API have them.

Words follow OpenTelemetry's transformation to Jaeger: ``span.kind``, ``otel.status_code``,
``otel.scope.name``, ``w3c.tracestate`` and their like are tags. What Jaeger has no place for
(nanoseconds, attributes of links, typed lists) stands in members called ``otlp``, which Jaeger
ignores and `telemetry.jaeger.from_json` reads, so that nothing is lost on the way out and in.
"""

from __future__ import annotations

import base64
import math
from collections import Counter
from typing import TYPE_CHECKING, Any

import orjson

from telemetry.otlp import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from telemetry.records import (
        AttributeValue,
        LogRecord,
        Resource,
        Scope,
        Span,
        SpanEvent,
    )

OWN_TAGS = frozenset(
    {
        "error",
        "otel.status_code",
        "otel.status_description",
        "otel.scope.name",
        "otel.scope.version",
        "otel.library.name",
        "otel.library.version",
        "otel.dropped_attributes_count",
        "otel.dropped_events_count",
        "otel.dropped_links_count",
        "span.kind",
        "w3c.tracestate",
    }
)
"""Tags that carry fields of a span, not its attributes."""

LOG_MARK = "otel.log_record"
"""The field that marks a log record among the events in a span's ``logs``."""

UNKNOWN_SERVICE = "unknown_service"


def export(spans: Sequence[Span], logs: Sequence[LogRecord] = ()) -> dict[str, Any]:
    """Make the document that Jaeger's UI opens: a trace an entry, log records beside events.

    The log records come once more, whole, as ``resourceLogs`` of OTLP JSON.
    """
    by_trace: dict[str, list[Span]] = {}
    for span in spans:
        by_trace.setdefault(span.trace_id, []).append(span)
    by_span: dict[tuple[str, str], list[LogRecord]] = {}
    for log in logs:
        by_span.setdefault((log.trace_id, log.span_id), []).append(log)
    document: dict[str, Any] = {
        "data": [_trace(trace_id, found, by_span) for trace_id, found in by_trace.items()],
        "total": len(by_trace),
        "limit": 0,
        "offset": 0,
        "errors": None,
    }
    return document | (to_json.logs(logs) if logs else {})


def _trace(
    trace_id: str,
    spans: Sequence[Span],
    by_span: Mapping[tuple[str, str], Sequence[LogRecord]],
) -> dict[str, Any]:
    processes: dict[str, dict[str, Any]] = {}
    names: dict[str, str] = {}
    found: list[dict[str, Any]] = []
    # A call's two sides may share one id: each has the log records of its own service.
    counted = Counter(span.span_id for span in spans)
    shared = {span_id: count > 1 for span_id, count in counted.items()}
    for span in spans:
        written = repr(span.resource)
        name = names.setdefault(written, f"p{len(names) + 1}")
        if name not in processes:
            processes[name] = _process(span.resource)
        of_id = by_span.get((span.trace_id, span.span_id), ())
        of_span = [log for log in of_id if not shared[span.span_id] or _is_of(log, span)]
        found.append(_span(span, process=name, logs=of_span))
    return {"traceID": trace_id, "spans": found, "processes": processes, "warnings": None}


def _is_of(log: LogRecord, span: Span) -> bool:
    return log.resource.service_name == span.resource.service_name


def _span(span: Span, *, process: str, logs: Iterable[LogRecord]) -> dict[str, Any]:
    start, end = span.start_time_unix_nano, span.end_time_unix_nano
    entries = [_event(event) for event in span.events] + [_log(log) for log in logs]
    references = [_reference("CHILD_OF", span.trace_id, span.parent_span_id)]
    references += [_reference("FOLLOWS_FROM", each.trace_id, each.span_id) for each in span.links]
    return {
        "traceID": span.trace_id,
        "spanID": span.span_id,
        "flags": span.flags,
        "operationName": span.name,
        "references": references if span.parent_span_id else references[1:],
        # Or else its first link within this trace would pass for its parent.
        **({} if span.parent_span_id else {"parentSpanID": ""}),
        "startTime": start // 1_000,
        "duration": max(0, end - start) // 1_000,
        "tags": [*_tags(span.attributes), *_own_tags(span)],
        "logs": sorted(entries, key=_timestamp),
        "processID": process,
        "warnings": None,
        "otlp": _span_rest(span),
    }


def _own_tags(span: Span) -> list[dict[str, Any]]:
    failed = span.status_code == "ERROR"
    own: dict[str, AttributeValue] = {
        "otel.scope.name": span.scope.name,
        "otel.scope.version": span.scope.version,
        "span.kind": "" if span.kind == "UNSPECIFIED" else span.kind.lower(),
        "otel.status_code": "" if span.status_code == "UNSET" else span.status_code,
        "error": failed,
        "otel.status_description": span.status_message,
        "w3c.tracestate": span.trace_state,
        "otel.dropped_attributes_count": span.dropped_attributes_count,
        "otel.dropped_events_count": span.dropped_events_count,
        "otel.dropped_links_count": span.dropped_links_count,
    }
    return _tags({key: value for key, value in own.items() if value})


def _span_rest(span: Span) -> dict[str, Any]:
    rest: dict[str, Any] = {
        "startTimeUnixNano": str(span.start_time_unix_nano),
        "endTimeUnixNano": str(span.end_time_unix_nano),
    }
    if span.links:
        rest["links"] = [to_json.link_json(link) for link in span.links]
    if _has_more(span.scope):
        rest["scope"] = to_json.scope_json(span.scope)
        rest["schemaUrl"] = span.scope.schema_url
    if not OWN_TAGS.isdisjoint(span.attributes):
        # An attribute has the name of a tag that carries a field.
        rest["attributes"] = to_json.key_values(span.attributes)
    return rest


def _has_more(scope: Scope) -> bool:
    return bool(scope.attributes or scope.schema_url or scope.dropped_attributes_count)


def _event(event: SpanEvent) -> dict[str, Any]:
    fields = _tags({"event": event.name, **_without(event.attributes, "event")})
    entry = {"timestamp": event.time_unix_nano // 1_000, "fields": fields}
    return entry | {
        "otlp": {
            "timeUnixNano": str(event.time_unix_nano),
            "droppedAttributesCount": event.dropped_attributes_count,
            **(
                {"attributes": to_json.key_values(event.attributes)}
                if "event" in event.attributes
                else {}
            ),
        }
    }


def _log(log: LogRecord) -> dict[str, Any]:
    fields: dict[str, AttributeValue] = {
        "event": "log",
        "level": log.severity_text,
        "message": log.body if log.body is not None else log.event_name,
        **_without(log.attributes, "event", "level", "message", LOG_MARK),
        LOG_MARK: True,
    }
    return {"timestamp": log.time_unix_nano // 1_000, "fields": _tags(fields)}


def _process(resource: Resource) -> dict[str, Any]:
    name = resource.attributes.get("service.name")
    named = isinstance(name, str) and name != ""
    attributes = _without(resource.attributes, "service.name") if named else resource.attributes
    return {
        "serviceName": name if named else UNKNOWN_SERVICE,
        "tags": _tags(attributes),
        "otlp": {
            "named": named,
            "schemaUrl": resource.schema_url,
            "droppedAttributesCount": resource.dropped_attributes_count,
        },
    }


def _tags(attributes: Mapping[str, AttributeValue]) -> list[dict[str, Any]]:
    return [{"key": key, **_typed(value)} for key, value in attributes.items()]


def _typed(value: AttributeValue) -> dict[str, Any]:
    if isinstance(value, str):
        return {"type": "string", "value": value}
    if isinstance(value, bool):
        return {"type": "bool", "value": value}
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return {"type": "int64", "value": value}
    if isinstance(value, float) and math.isfinite(value):
        return {"type": "float64", "value": value}
    if isinstance(value, bytes):
        return {"type": "binary", "value": base64.b64encode(value).decode()}
    # Jaeger has no lists, no maps and no infinities: their text for it, their value for us.
    exact = to_json.any_value(value)
    text = str(value) if isinstance(value, int | float) else orjson.dumps(exact).decode()
    return {"type": "string", "value": text, "otlp": exact}


def _without(attributes: Mapping[str, AttributeValue], *keys: str) -> dict[str, AttributeValue]:
    return {key: value for key, value in attributes.items() if key not in keys}


def _reference(kind: str, trace_id: str, span_id: str) -> dict[str, str]:
    return {"refType": kind, "traceID": trace_id, "spanID": span_id}


def _timestamp(entry: Mapping[str, Any]) -> int:
    timestamp: int = entry["timestamp"]
    return timestamp
