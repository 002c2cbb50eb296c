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
    from collections.abc import Iterable, Sequence

    from google.protobuf.message import Message
    from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
    from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord as LogMessage
    from opentelemetry.proto.resource.v1.resource_pb2 import Resource as ResourceMessage
    from opentelemetry.proto.trace.v1.trace_pb2 import Span as SpanMessage

    EventMessage = SpanMessage.Event
    LinkMessage = SpanMessage.Link

_NO_TRACE_ID = bytes(16)
_NO_SPAN_ID = bytes(8)

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
                span = _span(message, resource, scope)
                if isinstance(span, str):
                    wrong.append(span)
                else:
                    found.append(span)
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


def _span(message: SpanMessage, resource: Resource, scope: Scope) -> Span | str:
    """Decode a span, or say what is wrong with it."""
    trace_id, span_id = message.trace_id, message.span_id
    if len(trace_id) != len(_NO_TRACE_ID) or trace_id == _NO_TRACE_ID:
        return f"span {message.name!r} has no valid trace id"
    if len(span_id) != len(_NO_SPAN_ID) or span_id == _NO_SPAN_ID:
        return f"span {message.name!r} has no valid span id"
    kind, end = message.kind, message.end_time_unix_nano
    code, said = 0, ""
    if message.HasField("status"):
        code, said = message.status.code, message.status.message
    # By position, in the order of the class: names would cost as much again as making it.
    return Span(
        trace_id.hex(),
        span_id.hex(),
        message.name,
        message.start_time_unix_nano,
        end,
        message.parent_span_id.hex(),
        KINDS[kind] if 0 <= kind < len(KINDS) else "UNSPECIFIED",
        STATUSES[code] if 0 <= code < len(STATUSES) else "UNSET",
        said,
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
    # Most are texts, and asking for one costs a third of asking what a value is.
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
