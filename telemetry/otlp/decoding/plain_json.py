"""OTLP JSON as most senders write it, read into typed fields: a third less computing.

Each record is read by itself: as objects, a large body would leave the processor's caches. What is
written in another way (links, nested values, a field that is not known, a fault) is left to
`from_json`, which makes the same of all that is read here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar

import msgspec
from msgspec import Meta, Raw, Struct, defstruct, field

from telemetry.errors import RecordRefusedError
from telemetry.judge import judged_log, judged_span
from telemetry.otlp import from_json
from telemetry.otlp.enums import KINDS, MAX_UINT32, STATUSES
from telemetry.otlp.json_fields import (
    MAX_DIGITS,
    MAX_INT64,
    MIN_INT64,
    SAFE_DIGITS,
    SEVERITIES,
)
from telemetry.otlp.json_text import bounded, json_document
from telemetry.records import LogRecord, Span, SpanEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from telemetry.otlp.json_fields import Json
    from telemetry.records import AttributeValue, Resource, Scope

R = TypeVar("R")

_INT64 = Meta(ge=MIN_INT64, le=MAX_INT64)
_NULL = Raw(b"null")
_UInt32 = Annotated[int, Meta(ge=0, le=MAX_UINT32)]


class _NotPlainError(Exception):
    """It is to be read by `from_json`."""


_NOT_PLAIN = (msgspec.DecodeError, RecursionError, RecordRefusedError, _NotPlainError)


class _Plain(Struct, forbid_unknown_fields=True, gc=False, rename="camel"):
    """What is plain has these fields and no others."""


class _Value(_Plain):
    string_value: str | None = None
    int_value: str | Annotated[int, _INT64] | None = None
    bool_value: bool | None = None
    double_value: float | None = None


class _Attribute(_Plain):
    key: str
    value: _Value


class _Status(_Plain):
    code: Annotated[int, Meta(ge=0, lt=len(STATUSES))] = 0
    message: str = ""


class _Event(_Plain):
    name: str = ""
    time_unix_nano: str = "0"
    attributes: tuple[_Attribute, ...] = ()
    dropped_attributes_count: _UInt32 = 0


class _Span(_Plain):
    trace_id: str = ""
    span_id: str = ""
    name: str = ""
    start_time_unix_nano: str = "0"
    end_time_unix_nano: str = "0"
    parent_span_id: str = ""
    kind: Annotated[int, Meta(ge=0, lt=len(KINDS))] = 0
    status: _Status = field(default_factory=_Status)
    attributes: tuple[_Attribute, ...] = ()
    events: tuple[_Event, ...] = ()
    links: tuple[()] = ()
    trace_state: str = ""
    flags: _UInt32 = 0
    dropped_attributes_count: _UInt32 = 0
    dropped_events_count: _UInt32 = 0
    dropped_links_count: _UInt32 = 0


class _Log(_Plain):
    time_unix_nano: str = "0"
    observed_time_unix_nano: str = "0"
    severity_number: Annotated[int, Meta(ge=0, lt=len(SEVERITIES))] = 0
    severity_text: str = ""
    body: _Value | None = None
    attributes: tuple[_Attribute, ...] = ()
    trace_id: str = ""
    span_id: str = ""
    flags: _UInt32 = 0
    event_name: str = ""
    dropped_attributes_count: _UInt32 = 0


def each_span(body: bytes, problems: list[str]) -> Iterator[Span]:
    """Yield the spans of an ExportTraceServiceRequest; ``problems`` gets what is wrong with others.

    Those that are not plain come after the others of their scope.

    :raises Malformed: it is none.
    :raises TooLarge: it has too many elements.
    """
    return _TRACES.each(body, problems)


def each_log(body: bytes, problems: list[str]) -> Iterator[LogRecord]:
    """Yield the log records of an ExportLogsServiceRequest; see `each_span`."""
    return _LOGS.each(body, problems)


class _Reader(Generic[R]):
    """Reads the requests of a signal, in which its records stand below the fields ``path``."""

    def __init__(
        self,
        path: tuple[str, str, str],
        plain: type[_Plain],
        make: Callable[[Any, Resource, Scope], R],
        others: Callable[[Json, list[str]], Iterator[R]],
    ) -> None:
        self._path = path
        by_resource, by_scope, named = path
        of_resource = _wrapper("resource", by_scope, _wrapper("scope", named, Raw))
        request = defstruct("Request", [("within", *_list(by_resource, of_resource))])
        self._read: Callable[[bytes], Any] = msgspec.json.Decoder(request).decode
        self._read_record: Callable[[Raw], Any] = msgspec.json.Decoder(plain).decode
        self._make = make
        self._others = others

    def each(self, body: bytes, problems: list[str]) -> Iterator[R]:
        """Yield what is plain by itself, and what is not by `from_json`."""
        try:
            scopes = list(self._scopes(bounded(body)))
        except _NOT_PLAIN:
            yield from self._others(from_json.parse(body), problems)
            return
        by_resource, by_scope, named = self._path
        for of_resource, of_scope, resource, scope, records in scopes:
            left = []
            for record in records:
                try:
                    made = self._make(self._read_record(record), resource, scope)
                except _NOT_PLAIN:
                    left.append(json_document(bytes(record)))
                else:
                    yield made
            if left:
                request = {by_resource: [{**of_resource, by_scope: [{**of_scope, named: left}]}]}
                yield from self._others(request, problems)

    def _scopes(self, body: bytes) -> Iterator[tuple[Json, Json, Resource, Scope, list[Raw]]]:
        for within in self._read(body).within:
            of_resource = _own(within, "resource")
            resource = from_json.resource_of(of_resource)
            for records in within.within:
                of_scope = _own(records, "scope")
                yield of_resource, of_scope, resource, from_json.scope_of(of_scope), records.within


def _wrapper(own: str, name: str, kind: Any) -> Any:
    """Define what has one of ``own``, and a list ``name`` of what belongs to it."""
    fields = [
        ("own", Raw, field(name=own, default=_NULL)),
        ("schema_url", str, field(name="schemaUrl", default="")),
        ("within", *_list(name, kind)),
    ]
    return defstruct("Wrapper", fields)


def _list(name: str, kind: Any) -> tuple[Any, Any]:
    return list[kind], field(name=name, default_factory=list)


def _own(wrapper: Any, name: str) -> Json:
    return {name: json_document(bytes(wrapper.own)), "schemaUrl": wrapper.schema_url}


def _span(given: _Span, resource: Resource, scope: Scope) -> Span:
    end = _time(given.end_time_unix_nano)
    span = Span(
        given.trace_id.lower(),
        given.span_id.lower(),
        given.name,
        _time(given.start_time_unix_nano),
        end,
        given.parent_span_id.lower(),
        KINDS[given.kind],
        STATUSES[given.status.code],
        given.status.message,
        _attributes(given.attributes),
        [_event(event) for event in given.events] or (),
        (),
        resource,
        scope,
        given.trace_state,
        given.flags,
        given.dropped_attributes_count,
        given.dropped_events_count,
        given.dropped_links_count,
        "ended" if end else "open",
    )
    return judged_span(span)


def _event(given: _Event) -> SpanEvent:
    return SpanEvent(
        given.name,
        _time(given.time_unix_nano),
        _attributes(given.attributes),
        given.dropped_attributes_count,
    )


def _log(given: _Log, resource: Resource, scope: Scope) -> LogRecord:
    observed = _time(given.observed_time_unix_nano)
    log = LogRecord(
        _time(given.time_unix_nano) or observed,
        observed,
        given.severity_number,
        given.severity_text,
        None if given.body is None else _value(given.body),
        _attributes(given.attributes),
        given.trace_id.lower(),
        given.span_id.lower(),
        given.flags,
        given.event_name,
        resource,
        scope,
        given.dropped_attributes_count,
    )
    return judged_log(log)


def _attributes(given: Iterable[_Attribute]) -> dict[str, AttributeValue]:
    # Most are texts, which need no call.
    return {pair.key: pair.value.string_value or _value(pair.value) for pair in given}


def _value(given: _Value) -> AttributeValue:
    if given.string_value is not None:
        return given.string_value
    number = given.int_value
    if number is not None:
        if isinstance(number, int):
            return number
        if len(number) <= SAFE_DIGITS and number.isdecimal() and number.isascii():
            return int(number)
        raise _NotPlainError
    return given.double_value if given.bool_value is None else given.bool_value


def _time(text: str) -> int:
    if len(text) < MAX_DIGITS and text.isdecimal() and text.isascii():
        return int(text)
    raise _NotPlainError


_TRACES = _Reader(("resourceSpans", "scopeSpans", "spans"), _Span, _span, from_json.each_span)
_LOGS = _Reader(("resourceLogs", "scopeLogs", "logRecords"), _Log, _log, from_json.each_log)
