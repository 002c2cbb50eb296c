"""OTLP protobuf to records. A malformed one is left out with its reason; the rest is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from telemetry.errors import RecordRefusedError
from telemetry.judge import judged_log, judged_span
from telemetry.otlp.enums import KINDS, STATUSES
from telemetry.otlp.protobuf_text import parse
from telemetry.records import (
    AttributeValue,
    LogRecord,
    Resource,
    Scope,
    Span,
    SpanEvent,
    SpanLink,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
    from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord as LogMessage
    from opentelemetry.proto.resource.v1.resource_pb2 import Resource as ResourceMessage
    from opentelemetry.proto.trace.v1.trace_pb2 import Span as SpanMessage

    EventMessage = SpanMessage.Event
    LinkMessage = SpanMessage.Link

_LONGEST_NAME = 80


def spans(body: bytes) -> tuple[list[Span], list[str]]:
    """Decode an ExportTraceServiceRequest to its spans and to what was wrong with the others.

    :raises Malformed: it is not one.
    :raises TooLarge: it has too many elements.
    """
    problems: list[str] = []
    return list(each_span(body, problems)), problems


def logs(body: bytes) -> tuple[list[LogRecord], list[str]]:
    """Decode an ExportLogsServiceRequest to its records and to what was wrong with the others.

    :raises Malformed: it is not one.
    :raises TooLarge: it has too many elements.
    """
    problems: list[str] = []
    return list(each_log(body, problems)), problems


def each_span(body: bytes, problems: list[str]) -> Iterator[Span]:
    """Yield the spans of a request; ``problems`` gets what is wrong with others; see `spans`."""
    for of_resource in parse(ExportTraceServiceRequest, body).resource_spans:
        resource = _resource(of_resource.resource, of_resource.schema_url)
        for of_scope in of_resource.scope_spans:
            scope = _scope(of_scope.scope, of_scope.schema_url)
            for message in of_scope.spans:
                try:
                    made = judged_span(_span(message, resource, scope))
                except RecordRefusedError as error:
                    problems.append(f"span {message.name[:_LONGEST_NAME]!r}: {error}")
                else:
                    yield made


def each_log(body: bytes, problems: list[str]) -> Iterator[LogRecord]:
    """Yield the log records of a request; ``problems`` gets what is wrong with others."""
    for of_resource in parse(ExportLogsServiceRequest, body).resource_logs:
        resource = _resource(of_resource.resource, of_resource.schema_url)
        for of_scope in of_resource.scope_logs:
            scope = _scope(of_scope.scope, of_scope.schema_url)
            for message in of_scope.log_records:
                try:
                    made = judged_log(_log(message, resource, scope))
                except RecordRefusedError as error:
                    problems.append(f"log record: {error}")
                else:
                    yield made


def _span(message: SpanMessage, resource: Resource, scope: Scope) -> Span:
    kind, end = message.kind, message.end_time_unix_nano
    code, description = 0, ""
    if message.HasField("status"):
        code, description = message.status.code, message.status.message
    # By position, in the order of the class: names would cost as much again as making it.
    return Span(
        message.trace_id.hex(),
        message.span_id.hex(),
        message.name,
        message.start_time_unix_nano,
        end,
        message.parent_span_id.hex(),
        KINDS[kind] if 0 <= kind < len(KINDS) else "UNSPECIFIED",
        STATUSES[code] if 0 <= code < len(STATUSES) else "UNSET",
        description,
        attributes(message.attributes),
        _events(message.events),
        _links(message.links),
        resource,
        scope,
        message.trace_state,
        message.flags,
        message.dropped_attributes_count,
        message.dropped_events_count,
        message.dropped_links_count,
        "ended" if end else "open",
    )


def _events(messages: Sequence[EventMessage]) -> Sequence[SpanEvent]:
    if not messages:
        return ()
    return [
        SpanEvent(
            event.name,
            event.time_unix_nano,
            attributes(event.attributes),
            event.dropped_attributes_count,
        )
        for event in messages
    ]


def _links(messages: Sequence[LinkMessage]) -> Sequence[SpanLink]:
    if not messages:
        return ()
    return [
        SpanLink(
            link.trace_id.hex(),
            link.span_id.hex(),
            link.trace_state,
            attributes(link.attributes),
            link.dropped_attributes_count,
            link.flags,
        )
        for link in messages
    ]


def _log(message: LogMessage, resource: Resource, scope: Scope) -> LogRecord:
    return LogRecord(
        time_unix_nano=message.time_unix_nano or message.observed_time_unix_nano,
        observed_time_unix_nano=message.observed_time_unix_nano,
        severity_number=message.severity_number,
        severity_text=message.severity_text,
        body=any_value(message.body) if message.HasField("body") else None,
        attributes=attributes(message.attributes),
        trace_id=message.trace_id.hex(),
        span_id=message.span_id.hex(),
        flags=message.flags,
        event_name=message.event_name,
        resource=resource,
        scope=scope,
        dropped_attributes_count=message.dropped_attributes_count,
    )


def _resource(message: ResourceMessage, schema_url: str) -> Resource:
    return Resource(attributes(message.attributes), message.dropped_attributes_count, schema_url)


def _scope(message: InstrumentationScope, schema_url: str) -> Scope:
    return Scope(
        message.name,
        message.version,
        attributes(message.attributes),
        message.dropped_attributes_count,
        schema_url,
    )


def attributes(pairs: Iterable[KeyValue]) -> dict[str, AttributeValue]:
    """Decode attributes; of a key that comes twice the last one counts."""
    # Most are strings, and reading one costs a third of finding out a value's type.
    return {pair.key: pair.value.string_value or any_value(pair.value) for pair in pairs}


def any_value(value: AnyValue) -> AttributeValue:
    """Decode any of OTLP's value types; protobuf bounds how deep they are nested."""
    kind = value.WhichOneof("value")
    if kind is None:
        return None
    if kind == "array_value":
        return [any_value(each) for each in value.array_value.values]
    if kind == "kvlist_value":
        return {p.key: any_value(p.value) for p in value.kvlist_value.values}
    found: str | bool | int | float | bytes = getattr(value, kind)
    return found
