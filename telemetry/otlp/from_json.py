"""OTLP JSON to records: hex ids, lowerCamelCase, 64-bit numbers as texts or as numbers.

Fields that are not known are ignored, as the specification asks. A record that is malformed is left
out and told of; the rest is kept. What is malformed around the records makes the whole so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from telemetry.errors import Malformed
from telemetry.otlp import json_fields as fields
from telemetry.otlp.enums import KINDS, STATUSES
from telemetry.records import LogRecord, Resource, Scope, Span, SpanEvent, SpanLink

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telemetry.otlp.json_fields import Json


def spans(body: bytes) -> tuple[list[Span], list[str]]:
    """Decode an ExportTraceServiceRequest to its spans and to what was wrong with the others.

    :raises Malformed: it is not one.
    """
    return spans_of(parse(body))


def logs(body: bytes) -> tuple[list[LogRecord], list[str]]:
    """Decode an ExportLogsServiceRequest to its records and to what was wrong with the others.

    :raises Malformed: it is not one.
    """
    return logs_of(parse(body))


def parse(body: bytes) -> Json:
    """Read a JSON object.

    :raises Malformed: it is not one.
    """
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Malformed(f"the body is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise Malformed("the body is not a JSON object")
    return document


def spans_of(document: Json) -> tuple[list[Span], list[str]]:
    """Decode what `parse` has read; see `spans`."""
    found: list[Span] = []
    wrong: list[str] = []
    for resource, scope, record in _records(document, "resourceSpans", "scopeSpans", "spans"):
        try:
            found.append(_span(record, resource, scope))
        except fields.WrongFieldError as error:
            wrong.append(f"span {record.get('name')!r}: {error}")
    return found, wrong


def logs_of(document: Json) -> tuple[list[LogRecord], list[str]]:
    """Decode what `parse` has read; see `logs`."""
    found: list[LogRecord] = []
    wrong: list[str] = []
    for resource, scope, record in _records(document, "resourceLogs", "scopeLogs", "logRecords"):
        try:
            found.append(_log(record, resource, scope))
        except fields.WrongFieldError as error:
            wrong.append(f"log record: {error}")
    return found, wrong


def _records(
    document: Json, by_resource: str, by_scope: str, named: str
) -> Iterator[tuple[Resource, Scope, Json]]:
    try:
        for of_resource in fields.objects(document, by_resource):
            resource = resource_of(of_resource)
            for of_scope in fields.objects(of_resource, by_scope):
                scope = scope_of(of_scope)
                for record in fields.objects(of_scope, named):
                    yield resource, scope, record
    except fields.WrongFieldError as error:
        raise Malformed(f"the body is not OTLP JSON: {error}") from None


def resource_of(wrapper: Json) -> Resource:
    """Decode the resource of a ResourceSpans or a ResourceLogs.

    :raises WrongFieldError: it is none.
    """
    resource = fields.one_object(wrapper, "resource")
    return Resource(
        fields.attributes(resource),
        fields.uint32(resource, "droppedAttributesCount"),
        fields.text(wrapper, "schemaUrl"),
    )


def scope_of(wrapper: Json) -> Scope:
    """Decode the scope of a ScopeSpans or a ScopeLogs.

    :raises WrongFieldError: it is none.
    """
    scope = fields.one_object(wrapper, "scope")
    return Scope(
        fields.text(scope, "name"),
        fields.text(scope, "version"),
        fields.attributes(scope),
        fields.uint32(scope, "droppedAttributesCount"),
        fields.text(wrapper, "schemaUrl"),
    )


def links_of(record: Json) -> list[SpanLink]:
    """Decode the links of a span.

    :raises WrongFieldError: they are none.
    """
    return [
        SpanLink(
            fields.trace_id(link) or fields.refuse("a link has no valid traceId"),
            fields.span_id(link) or fields.refuse("a link has no valid spanId"),
            fields.text(link, "traceState"),
            fields.attributes(link),
            fields.uint32(link, "droppedAttributesCount"),
            fields.uint32(link, "flags"),
        )
        for link in fields.objects(record, "links")
    ]


def _span(record: Json, resource: Resource, scope: Scope) -> Span:
    status = fields.one_object(record, "status")
    end = fields.uint64(record, "endTimeUnixNano")
    return Span(
        trace_id=fields.trace_id(record) or fields.refuse("it has no valid traceId"),
        span_id=fields.span_id(record) or fields.refuse("it has no valid spanId"),
        name=fields.text(record, "name"),
        start_time_unix_nano=fields.uint64(record, "startTimeUnixNano"),
        end_time_unix_nano=end,
        parent_span_id=fields.span_id(record, "parentSpanId"),
        kind=KINDS[fields.enum(record, "kind", "SPAN_KIND_", KINDS)],
        status_code=STATUSES[fields.enum(status, "code", "STATUS_CODE_", STATUSES)],
        status_message=fields.text(status, "message"),
        attributes=fields.attributes(record),
        events=[_event(event) for event in fields.objects(record, "events")],
        links=links_of(record),
        resource=resource,
        scope=scope,
        trace_state=fields.text(record, "traceState"),
        flags=fields.uint32(record, "flags"),
        dropped_attributes_count=fields.uint32(record, "droppedAttributesCount"),
        dropped_events_count=fields.uint32(record, "droppedEventsCount"),
        dropped_links_count=fields.uint32(record, "droppedLinksCount"),
        state="ended" if end else "open",
    )


def _event(event: Json) -> SpanEvent:
    return SpanEvent(
        fields.text(event, "name"),
        fields.uint64(event, "timeUnixNano"),
        fields.attributes(event),
        fields.uint32(event, "droppedAttributesCount"),
    )


def _log(record: Json, resource: Resource, scope: Scope) -> LogRecord:
    observed = fields.uint64(record, "observedTimeUnixNano")
    body: Any = record.get("body")
    return LogRecord(
        time_unix_nano=fields.uint64(record, "timeUnixNano") or observed,
        observed_time_unix_nano=observed,
        severity_number=fields.enum(
            record, "severityNumber", "SEVERITY_NUMBER_", fields.SEVERITIES
        ),
        severity_text=fields.text(record, "severityText"),
        body=None if body is None else fields.any_value(body),
        attributes=fields.attributes(record),
        trace_id=fields.trace_id(record),
        span_id=fields.span_id(record),
        flags=fields.uint32(record, "flags"),
        event_name=fields.text(record, "eventName"),
        resource=resource,
        scope=scope,
        dropped_attributes_count=fields.uint32(record, "droppedAttributesCount"),
    )
