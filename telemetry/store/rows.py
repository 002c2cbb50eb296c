"""Records to rows and rows to records. Whatever a record holds comes back."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, TypeAlias

from base.log_levels import normalized
from telemetry.conventions.errors import failure_of
from telemetry.records import LogRecord, Span, SpanEvent, SpanLink, key_text
from telemetry.store.coding import dumps, encoded, loads, marked
from telemetry.store.sources import resource_of, scope_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from telemetry.models import LogRow, SpanRow
    from telemetry.store.sources import Source

Row: TypeAlias = tuple[Any, ...]
"""A record's columns in their order, without the numbers that the writer gives."""

_SECOND_NS = 1_000_000_000
# By severity number; those above are FATAL.
_LEVELS = (*["DEBUG"] * 9, *["INFO"] * 4, *["WARN"] * 4, *["ERROR"] * 4)


def span_row(span: Span, resource: Source, *, failed: bool) -> Row:
    """Make the row of ``span``, in the order of `SpanRow`'s columns."""
    attributes = span.attributes
    return (
        span.trace_id,
        span.span_id,
        span.parent_span_id,
        storable_text(span.name),
        span.kind,
        resource.service,
        resource.instance,
        span.start_time_unix_nano,
        span.end_time_unix_nano,
        span.status_code,
        span.state,
        0,
        key_text(attributes.get("request.id")),
        key_text(attributes.get("order.id")),
        _error_kind(span) if failed else "",
        dumps(_span_data(span)),
    )


def link_rows(span: Span) -> list[Row]:
    """Make the rows of the links that ``span`` has."""
    source = (span.trace_id, span.span_id, span.resource.service_name, span.kind)
    return [(link.trace_id, link.span_id, *source) for link in span.links]


def log_row(log: LogRecord, resource: Source) -> Row:
    """Make the row of ``log``, in the order of `LogRow`'s columns."""
    attributes = log.attributes
    data = dumps(_log_data(log))
    digest = hashlib.blake2b(
        f"{log.trace_id} {log.span_id} {log.time_unix_nano} {data}\n{resource.data}".encode(
            errors="surrogatepass"
        ),
        digest_size=12,
    ).hexdigest()
    return (
        # By the second first: what comes together then lies together in the index, and a commit
        # writes few of its pages instead of one for each record.
        f"{log.time_unix_nano // _SECOND_NS:08x}"[-8:] + digest,
        log.time_unix_nano,
        resource.service,
        resource.instance,
        level_of(log),
        log.severity_number,
        message_of(log),
        log.trace_id,
        log.span_id,
        key_text(attributes.get("requestId")),
        key_text(attributes.get("orderId")),
        storable_text(attributes.get("errorKind")),
        data,
    )


def span_record(row: SpanRow, interned: Callable[[int], dict[str, Any]]) -> Span:
    """Make the span that ``row`` holds."""
    data = loads(row.data)
    return Span(
        trace_id=row.trace_id,
        span_id=row.span_id,
        name=row.name,
        start_time_unix_nano=row.start_ns,
        end_time_unix_nano=row.end_ns,
        parent_span_id=row.parent_span_id,
        kind=row.kind,  # type: ignore[arg-type] # written by `span_row`
        status_code=row.status,  # type: ignore[arg-type] # written by `span_row`
        status_message=data.get("m", ""),
        attributes=data.get("a", {}),
        events=[SpanEvent(*each) for each in data.get("e", ())] or (),
        links=[SpanLink(*each) for each in data.get("l", ())] or (),
        resource=resource_of(interned(row.resource_id)),
        scope=scope_of(interned(row.scope_id)),
        trace_state=data.get("t", ""),
        flags=data.get("f", 0),
        dropped_attributes_count=data.get("da", 0),
        dropped_events_count=data.get("de", 0),
        dropped_links_count=data.get("dl", 0),
        state=row.state,  # type: ignore[arg-type] # written by `span_row`
        seq=row.seq,
    )


def log_record(row: LogRow, interned: Callable[[int], dict[str, Any]]) -> LogRecord:
    """Make the log record that ``row`` holds."""
    data = loads(row.data)
    return LogRecord(
        time_unix_nano=row.time_ns,
        observed_time_unix_nano=data.get("o", 0),
        severity_number=row.severity_number,
        severity_text=data.get("s", ""),
        body=data.get("b"),
        attributes=data.get("a", {}),
        trace_id=row.trace_id,
        span_id=row.span_id,
        flags=data.get("f", 0),
        event_name=data.get("n", ""),
        resource=resource_of(interned(row.resource_id)),
        scope=scope_of(interned(row.scope_id)),
        dropped_attributes_count=data.get("da", 0),
        seq=row.seq,
    )


def level_of(log: LogRecord) -> str:
    """Name a record's level, by OpenTelemetry's severity number where it has one."""
    if not log.severity_number:
        return normalized(storable_text(log.severity_text))[:8] or "INFO"
    number = log.severity_number
    return _LEVELS[max(0, number)] if number < len(_LEVELS) else "FATAL"


def message_of(log: LogRecord) -> str:
    """Return a record's message: its body as a string."""
    body = log.body
    if isinstance(body, str):
        return storable_text(body)
    if body is None:
        return storable_text(log.event_name)
    return dumps(body)


def _error_kind(span: Span) -> str:
    """How a span failed, in one word.

    The lab's own services name the kind on the span around a call, so their HTTP spans have none;
    that of an action has nothing around it.
    """
    is_within = "request.id" in span.attributes and "lab.action" not in span.attributes
    if span.kind in ("CLIENT", "SERVER") and is_within:
        return ""
    failure = failure_of(span)
    return storable_text(failure.kind) if failure is not None else ""


def _span_data(span: Span) -> dict[str, Any]:
    data: dict[str, Any] = {"a": encoded(span.attributes)}
    if span.status_message:
        data["m"] = span.status_message
    if span.events:
        data["e"] = [
            [e.name, e.time_unix_nano, encoded(e.attributes), e.dropped_attributes_count]
            for e in span.events
        ]
    if span.links:
        data["l"] = [
            [
                each.trace_id,
                each.span_id,
                each.trace_state,
                encoded(each.attributes),
                each.dropped_attributes_count,
                each.flags,
            ]
            for each in span.links
        ]
    if span.trace_state:
        data["t"] = span.trace_state
    if span.flags:
        data["f"] = span.flags
    if span.dropped_attributes_count:
        data["da"] = span.dropped_attributes_count
    if span.dropped_events_count:
        data["de"] = span.dropped_events_count
    if span.dropped_links_count:
        data["dl"] = span.dropped_links_count
    return data


def _log_data(log: LogRecord) -> dict[str, Any]:
    data: dict[str, Any] = {"a": encoded(log.attributes)}
    # A body may be 0, false or an empty text, and is one all the same.
    if log.body is not None:
        data["b"] = log.body if isinstance(log.body, str) else marked(log.body)
    if log.observed_time_unix_nano:
        data["o"] = log.observed_time_unix_nano
    if log.severity_text:
        data["s"] = log.severity_text
    if log.flags:
        data["f"] = log.flags
    if log.event_name:
        data["n"] = log.event_name
    if log.dropped_attributes_count:
        data["da"] = log.dropped_attributes_count
    return data


def storable_text(value: object) -> str:
    """Return a string without the NUL that PostgreSQL does not store; empty for anything else."""
    return value.replace("\x00", "\ufffd") if isinstance(value, str) else ""
