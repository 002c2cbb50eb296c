"""OTLP protobuf bytes to records. What is malformed is left out and told; the rest is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from telemetry.errors import Malformed
from telemetry.otlp.enums import KINDS, STATUSES
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
    from collections.abc import Iterable

    from google.protobuf.message import Message
    from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
    from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord as LogMessage
    from opentelemetry.proto.resource.v1.resource_pb2 import Resource as ResourceMessage
    from opentelemetry.proto.trace.v1.trace_pb2 import Span as SpanMessage

_TRACE_ID_BYTES = 16
_SPAN_ID_BYTES = 8

M = TypeVar("M", bound="Message")


def spans(body: bytes) -> tuple[list[Span], list[str]]:
    """Decode an ExportTraceServiceRequest to its spans and to what was wrong with the others.

    :raises Malformed: it is not one.
    """
    request = _parse(ExportTraceServiceRequest(), body)
    found: list[Span] = []
    wrong: list[str] = []
    for of_resource in request.resource_spans:
        resource = _resource(of_resource.resource, of_resource.schema_url)
        for of_scope in of_resource.scope_spans:
            scope = _scope(of_scope.scope, of_scope.schema_url)
            for message in of_scope.spans:
                problem = _problem(message)
                if problem:
                    wrong.append(problem)
                else:
                    found.append(_span(message, resource, scope))
    return found, wrong


def logs(body: bytes) -> tuple[list[LogRecord], list[str]]:
    """Decode an ExportLogsServiceRequest; every record in it can be kept.

    :raises Malformed: it is not one.
    """
    request = _parse(ExportLogsServiceRequest(), body)
    return [
        _log(message, resource, scope)
        for of_resource in request.resource_logs
        for resource in (_resource(of_resource.resource, of_resource.schema_url),)
        for of_scope in of_resource.scope_logs
        for scope in (_scope(of_scope.scope, of_scope.schema_url),)
        for message in of_scope.log_records
    ], []


def _parse(message: M, body: bytes) -> M:
    try:
        message.ParseFromString(body)
    except DecodeError as error:
        raise Malformed(f"the body is not OTLP protobuf: {error}") from None
    return message


def _problem(message: SpanMessage) -> str | None:
    if len(message.trace_id) != _TRACE_ID_BYTES or not any(message.trace_id):
        return f"span {message.name!r} has no valid trace id"
    if len(message.span_id) != _SPAN_ID_BYTES or not any(message.span_id):
        return f"span {message.name!r} has no valid span id"
    return None


def _span(message: SpanMessage, resource: Resource, scope: Scope) -> Span:
    status = message.status
    return Span(
        trace_id=message.trace_id.hex(),
        span_id=message.span_id.hex(),
        name=message.name,
        start_time_unix_nano=message.start_time_unix_nano,
        end_time_unix_nano=message.end_time_unix_nano,
        parent_span_id=message.parent_span_id.hex(),
        kind=KINDS[message.kind] if 0 <= message.kind < len(KINDS) else "UNSPECIFIED",
        status_code=STATUSES[status.code] if 0 <= status.code < len(STATUSES) else "UNSET",
        status_message=status.message,
        attributes=attributes(message.attributes),
        events=[
            SpanEvent(
                event.name,
                event.time_unix_nano,
                attributes(event.attributes),
                event.dropped_attributes_count,
            )
            for event in message.events
        ]
        if message.events
        else (),
        links=[
            SpanLink(
                link.trace_id.hex(),
                link.span_id.hex(),
                link.trace_state,
                attributes(link.attributes),
                link.dropped_attributes_count,
                link.flags,
            )
            for link in message.links
        ]
        if message.links
        else (),
        resource=resource,
        scope=scope,
        trace_state=message.trace_state,
        flags=message.flags,
        dropped_attributes_count=message.dropped_attributes_count,
        dropped_events_count=message.dropped_events_count,
        dropped_links_count=message.dropped_links_count,
        state="ended" if message.end_time_unix_nano else "open",
    )


def _log(message: LogMessage, resource: Resource, scope: Scope) -> LogRecord:
    return LogRecord(
        time_unix_nano=message.time_unix_nano or message.observed_time_unix_nano,
        observed_time_unix_nano=message.observed_time_unix_nano,
        severity_number=message.severity_number,
        severity_text=message.severity_text,
        body=any_value(message.body) if message.HasField("body") else None,
        attributes=attributes(message.attributes),
        trace_id=message.trace_id.hex() if any(message.trace_id) else "",
        span_id=message.span_id.hex() if any(message.span_id) else "",
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
    return {pair.key: any_value(pair.value) for pair in pairs}


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
