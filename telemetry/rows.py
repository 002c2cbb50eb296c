"""Records to rows and rows to records. Whatever a record holds comes back."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any, Protocol

import orjson

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
    from collections.abc import Callable, Mapping

    from telemetry.models import LogRow, SpanRow

_MAX_SEVERITIES = ((5, "DEBUG"), (9, "DEBUG"), (13, "INFO"), (17, "WARNING"), (21, "ERROR"))
_WIDE_INT = 2**63


class Interner(Protocol):
    """Gives the number under which a resource or a scope is kept."""

    def number_of(self, data: str) -> int:
        """Return the number of ``data``, keeping it when it is new."""


def span_row(span: Span, *, seq: int, interner: Interner) -> tuple[Any, ...]:
    """Make the row of ``span``, in the order of `SpanRow`'s columns."""
    attributes = span.attributes
    return (
        seq,
        span.trace_id,
        span.span_id,
        span.parent_span_id,
        _text(span.name),
        span.kind,
        _text(span.resource.service_name),
        _text(span.resource.service_instance_id),
        _ns(span.start_time_unix_nano),
        _ns(span.end_time_unix_nano),
        span.status_code,
        span.state,
        0,
        _text(attributes.get("request.id")),
        _text(attributes.get("order.id")),
        _error_kind(span),
        interner.number_of(_resource_data(span.resource)),
        interner.number_of(_scope_data(span.scope)),
        dumps(_span_data(span)),
    )


def log_row(log: LogRecord, *, seq: int, interner: Interner) -> tuple[Any, ...]:
    """Make the row of ``log``, in the order of `LogRow`'s columns."""
    attributes = log.attributes
    resource = _resource_data(log.resource)
    data = dumps(_log_data(log))
    digest = hashlib.blake2b(
        f"{log.trace_id} {log.span_id} {log.time_unix_nano} {data}\n{resource}".encode(
            errors="surrogatepass"
        ),
        digest_size=16,
    ).hexdigest()
    return (
        seq,
        digest,
        _ns(log.time_unix_nano),
        _text(log.resource.service_name),
        _text(log.resource.service_instance_id),
        level_of(log),
        log.severity_number,
        message_of(log),
        log.trace_id,
        log.span_id,
        _text(attributes.get("requestId")),
        _text(attributes.get("orderId")),
        _text(attributes.get("errorKind")),
        interner.number_of(resource),
        interner.number_of(_scope_data(log.scope)),
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
        events=[SpanEvent(e[0], e[1], e[2], e[3]) for e in data.get("e", ())],
        links=[SpanLink(*each) for each in data.get("l", ())],
        resource=_resource(interned(row.resource_id)),
        scope=_scope(interned(row.scope_id)),
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
        resource=_resource(interned(row.resource_id)),
        scope=_scope(interned(row.scope_id)),
        dropped_attributes_count=data.get("da", 0),
        seq=row.seq,
    )


def level_of(log: LogRecord) -> str:
    """Name a record's level as Python does, from OpenTelemetry's severity number."""
    if not log.severity_number:
        return log.severity_text.upper()[:8] or "INFO"
    number = log.severity_number
    return next((name for below, name in _MAX_SEVERITIES if number < below), "CRITICAL")


def message_of(log: LogRecord) -> str:
    """Return a record's message: its body as a text."""
    body = log.body
    if isinstance(body, str):
        return _text(body)
    if body is None:
        return _text(log.event_name)
    return dumps(body)


def dumps(value: Any) -> str:
    """Dump JSON in which bytes, wide integers and odd floats keep what they are."""
    try:
        return orjson.dumps(value, default=_default).decode()
    except (TypeError, ValueError):
        return orjson.dumps(_tagged(value)).decode()


def loads(text: str) -> Any:
    """Load what `dumps` wrote."""
    data = orjson.loads(text)
    return _untagged(data) if '"\\u0000' in text or "\x00" in text else data


def _span_data(span: Span) -> dict[str, Any]:
    data: dict[str, Any] = {"a": _encoded(span.attributes)}
    if span.status_message:
        data["m"] = span.status_message
    if span.events:
        data["e"] = [
            [e.name, e.time_unix_nano, _encoded(e.attributes), e.dropped_attributes_count]
            for e in span.events
        ]
    if span.links:
        data["l"] = [
            [
                each.trace_id,
                each.span_id,
                each.trace_state,
                _encoded(each.attributes),
                each.dropped_attributes_count,
                each.flags,
            ]
            for each in span.links
        ]
    optional = (
        ("t", span.trace_state),
        ("f", span.flags),
        ("da", span.dropped_attributes_count),
        ("de", span.dropped_events_count),
        ("dl", span.dropped_links_count),
    )
    return data | {key: value for key, value in optional if value}


def _log_data(log: LogRecord) -> dict[str, Any]:
    data: dict[str, Any] = {"a": _encoded(log.attributes)}
    optional = (
        ("b", log.body if isinstance(log.body, str) else _tagged(log.body)),
        ("o", log.observed_time_unix_nano),
        ("s", log.severity_text),
        ("f", log.flags),
        ("n", log.event_name),
        ("da", log.dropped_attributes_count),
    )
    return data | {key: value for key, value in optional if value not in ("", 0, None)}


def _encoded(attributes: Mapping[str, AttributeValue]) -> Mapping[str, Any]:
    for value in attributes.values():
        if type(value) not in _SIMPLE:
            return {key: _tagged(each) for key, each in attributes.items()}
    return attributes


_SIMPLE = {str, bool, int}


def _tagged(value: Any) -> Any:
    """Mark what JSON would change: bytes, integers over 64 bits, floats that are none of JSON's."""
    if isinstance(value, bytes):
        return {"\x00bytes": base64.b64encode(value).decode()}
    if isinstance(value, float) and value - value != 0:
        return {"\x00float": str(value)}
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _WIDE_INT:
        return {"\x00int": str(value)}
    if isinstance(value, dict):
        return {str(key): _tagged(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_tagged(each) for each in value]
    return value


def _untagged(value: Any) -> Any:
    if isinstance(value, list):
        return [_untagged(each) for each in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        [(key, inner)] = value.items()
        if key in _UNTAG:
            return _UNTAG[key](inner)
    return {key: _untagged(each) for key, each in value.items()}


_UNTAG: dict[str, Callable[[str], Any]] = {
    "\x00bytes": base64.b64decode,
    "\x00float": float,
    "\x00int": int,
}


def _default(value: Any) -> Any:
    raise TypeError(type(value).__name__)


def _resource_data(resource: Resource) -> str:
    return dumps(
        {
            "a": _encoded(resource.attributes),
            "d": resource.dropped_attributes_count,
            "u": resource.schema_url,
        }
    )


def _scope_data(scope: Scope) -> str:
    return dumps(
        {
            "n": scope.name,
            "v": scope.version,
            "a": _encoded(scope.attributes),
            "d": scope.dropped_attributes_count,
            "u": scope.schema_url,
        }
    )


def _resource(data: dict[str, Any]) -> Resource:
    return Resource(data.get("a", {}), data.get("d", 0), data.get("u", ""))


def _scope(data: dict[str, Any]) -> Scope:
    return Scope(
        data.get("n", ""), data.get("v", ""), data.get("a", {}), data.get("d", 0), data.get("u", "")
    )


def _error_kind(span: Span) -> str:
    """Return a span's ``error.type``; HTTP spans write there what the conventions say, no kind."""
    kind = span.attributes.get("error.type")
    if not isinstance(kind, str) or span.kind in ("CLIENT", "SERVER"):
        return ""
    return _text(kind)


def _text(value: object) -> str:
    """Return a text without the NUL that PostgreSQL does not store."""
    return value.replace("\x00", "\ufffd") if isinstance(value, str) else ""


def _ns(value: int) -> int:
    # A time beyond what 64 bits hold is a sender's mistake; the column must still take it.
    return min(value, _WIDE_INT - 1)
