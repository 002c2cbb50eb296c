"""OTLP JSON to records: hex ids, lowerCamelCase, 64-bit numbers as strings or as numbers.

Fields that are not known are ignored, as the specification has it. A record that is malformed, or
whose resource or scope is, is left out with its reason; the rest is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from telemetry.errors import Malformed, RecordRefusedError
from telemetry.judge import judged_log, judged_span
from telemetry.otlp import json_fields as fields
from telemetry.otlp.enums import KINDS, STATUSES
from telemetry.otlp.json_text import json_document
from telemetry.records import LogRecord, Resource, Scope, Span, SpanEvent, SpanLink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from telemetry.otlp.json_fields import Json

R = TypeVar("R", "Span", "LogRecord")
T = TypeVar("T")

_LONGEST_NAME = 80


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
    """Read a JSON object. Strings that are no Unicode get U+FFFD where they are broken.

    :raises Malformed: it is not one.
    """
    document = json_document(body)
    if not isinstance(document, dict):
        raise Malformed("the body is not a JSON object")
    return document


def spans_of(document: Json) -> tuple[list[Span], list[str]]:
    """Decode what `parse` has read; see `spans`."""
    problems: list[str] = []
    return list(each_span(document, problems)), problems


def logs_of(document: Json) -> tuple[list[LogRecord], list[str]]:
    """Decode what `parse` has read; see `logs`."""
    problems: list[str] = []
    return list(each_log(document, problems)), problems


def each_span(document: Json, problems: list[str]) -> Iterator[Span]:
    """Yield the spans of what `parse` has read; ``problems`` gets what is wrong with others.

    One by one: whoever makes something else of each has no need for all of them at once.

    :raises Malformed: it holds none.
    """
    for record, made in _records(document, "resourceSpans", "scopeSpans", "spans", _span):
        if isinstance(made, str):
            problems.append(f"span {_name_of(record)}: {made}")
        else:
            yield made


def each_log(document: Json, problems: list[str]) -> Iterator[LogRecord]:
    """Yield the log records of what `parse` has read; see `each_span`."""
    for _, made in _records(document, "resourceLogs", "scopeLogs", "logRecords", _log):
        if isinstance(made, str):
            problems.append(f"log record: {made}")
        else:
            yield made


def _records(
    document: Json,
    by_resource: str,
    by_scope: str,
    named: str,
    make: Callable[[Json, Resource, Scope], R],
) -> Iterator[tuple[object, R | str]]:
    """Yield each record with what it became, or with the reason why it cannot be kept."""
    for of_resource in _wrappers(document, by_resource):
        resource = _or_reason(resource_of, of_resource)
        for of_scope in _wrappers(of_resource, by_scope):
            scope = _or_reason(scope_of, of_scope)
            for record in _entries(of_scope, named):
                if isinstance(resource, str):
                    yield record, resource
                elif isinstance(scope, str):
                    yield record, scope
                elif not isinstance(record, dict):
                    yield record, "it is not an object"
                else:
                    try:
                        made = make(record, resource, scope)
                    except RecordRefusedError as error:
                        yield record, str(error)
                    else:
                        yield record, made


def _wrappers(document: Json, name: str) -> list[Json]:
    try:
        return fields.objects(document, name)
    except RecordRefusedError as error:
        raise Malformed(f"the body is not OTLP JSON: {error}") from None


def _entries(of_scope: Json, name: str) -> list[object]:
    entries = of_scope.get(name)
    if entries is not None and not isinstance(entries, list):
        raise Malformed(f"the body is not OTLP JSON: {name} is not a list")
    return entries or []


def _or_reason(make: Callable[..., T], *arguments: object) -> T | str:
    try:
        return make(*arguments)
    except RecordRefusedError as error:
        return str(error)


def _name_of(record: object) -> str:
    return repr(record.get("name"))[:_LONGEST_NAME] if isinstance(record, dict) else "?"


def resource_of(wrapper: Json) -> Resource:
    """Decode the resource of a ResourceSpans or a ResourceLogs.

    :raises RecordRefusedError: it is none.
    """
    resource = fields.one_object(wrapper, "resource")
    return Resource(
        fields.attributes(resource),
        fields.uint32(resource, "droppedAttributesCount"),
        fields.text(wrapper, "schemaUrl"),
    )


def scope_of(wrapper: Json) -> Scope:
    """Decode the scope of a ScopeSpans or a ScopeLogs.

    :raises RecordRefusedError: it is none.
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

    :raises RecordRefusedError: they are none.
    """
    return [
        SpanLink(
            fields.identifier(link, "traceId"),
            fields.identifier(link, "spanId"),
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
    # By position, in the order of the class: names would cost as much again as making it.
    span = Span(
        fields.identifier(record, "traceId"),
        fields.identifier(record, "spanId"),
        fields.text(record, "name"),
        fields.uint64(record, "startTimeUnixNano"),
        end,
        fields.identifier(record, "parentSpanId"),
        KINDS[fields.enum(record, "kind", "SPAN_KIND_", KINDS)],
        STATUSES[fields.enum(status, "code", "STATUS_CODE_", STATUSES)],
        fields.text(status, "message"),
        fields.attributes(record),
        [_event(event) for event in fields.objects(record, "events")] or (),
        links_of(record) or (),
        resource,
        scope,
        fields.text(record, "traceState"),
        fields.uint32(record, "flags"),
        fields.uint32(record, "droppedAttributesCount"),
        fields.uint32(record, "droppedEventsCount"),
        fields.uint32(record, "droppedLinksCount"),
        "ended" if end else "open",
    )
    return judged_span(span)


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
    log = LogRecord(
        time_unix_nano=fields.uint64(record, "timeUnixNano") or observed,
        observed_time_unix_nano=observed,
        severity_number=fields.enum(
            record, "severityNumber", "SEVERITY_NUMBER_", fields.SEVERITIES
        ),
        severity_text=fields.text(record, "severityText"),
        body=None if body is None else fields.any_value(body),
        attributes=fields.attributes(record),
        trace_id=fields.identifier(record, "traceId"),
        span_id=fields.identifier(record, "spanId"),
        flags=fields.uint32(record, "flags"),
        event_name=fields.text(record, "eventName"),
        resource=resource,
        scope=scope,
        dropped_attributes_count=fields.uint32(record, "droppedAttributesCount"),
    )
    return judged_log(log)
