"""Jaeger's JSON to records: what Jaeger's UI saves, and what `telemetry.jaeger` exports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from telemetry.errors import RecordRefusedError
from telemetry.jaeger.to_json import LOG_MARK, OWN_TAGS
from telemetry.judge import SPAN_ID_DIGITS, TRACE_ID_DIGITS, judged_log, judged_span
from telemetry.otlp import from_json
from telemetry.otlp import json_fields as fields
from telemetry.otlp.enums import KINDS, MAX_UINT64, STATUSES
from telemetry.records import LogRecord, Resource, Scope, Span, SpanEvent, SpanLink

if TYPE_CHECKING:
    from collections.abc import Callable

    from telemetry.otlp.json_fields import Json
    from telemetry.records import AttributeValue, SpanKind, StatusCode


def records_of(document: Json) -> tuple[list[Span], list[LogRecord], list[str]]:
    """Decode a document to spans, log records and what was wrong with the others.

    :raises RecordRefusedError: it is not Jaeger's JSON.
    """
    traces = fields.objects(document, "data") if "data" in document else [document]
    spans: list[Span] = []
    logs: list[LogRecord] = []
    wrong: list[str] = []
    for trace in traces:
        processes = fields.one_object(trace, "processes")
        resources = {name: _resource(fields.one_object(processes, name)) for name in processes}
        for entry in fields.objects(trace, "spans"):
            try:
                span = _span(entry, resources)
                logs += _logs(entry, span)
            except RecordRefusedError as error:
                wrong.append(f"span {entry.get('operationName')!r}: {error}")
            else:
                spans.append(span)
    if "resourceLogs" in document:
        # They come whole there; beside the events stood only what Jaeger's UI shows of them.
        logs, wrong_logs = from_json.logs_of(document)
        wrong += wrong_logs
    return spans, logs, wrong


def _span(entry: Json, resources: dict[str, Resource]) -> Span:
    rest = fields.one_object(entry, "otlp")
    tags = _values(entry, "tags")
    parent, links = _references(entry)
    start = _nanos(entry, "startTime")
    if "startTimeUnixNano" in rest:
        start, end = (
            fields.uint64(rest, "startTimeUnixNano"),
            fields.uint64(rest, "endTimeUnixNano"),
        )
    else:
        end = min(MAX_UINT64, start + _nanos(entry, "duration"))
    attributes = {key: value for key, value in tags.items() if key not in OWN_TAGS}
    span = Span(
        trace_id=_trace_id(entry),
        span_id=_span_id(entry),
        name=fields.text(entry, "operationName"),
        start_time_unix_nano=start,
        end_time_unix_nano=end,
        parent_span_id=parent,
        kind=_kind(tags),
        status_code=_status(tags),
        status_message=_text(tags, "otel.status_description"),
        attributes=fields.attributes(rest) if "attributes" in rest else attributes,
        events=[_event(each) for each in fields.objects(entry, "logs") if not _is_log(each)] or (),
        links=(from_json.links_of(rest) if "links" in rest else links) or (),
        resource=_resource_of(entry, resources),
        scope=from_json.scope_of(rest) if "scope" in rest else _scope(tags),
        trace_state=_text(tags, "w3c.tracestate"),
        flags=fields.uint32(entry, "flags"),
        dropped_attributes_count=fields.uint32(tags, "otel.dropped_attributes_count"),
        dropped_events_count=fields.uint32(tags, "otel.dropped_events_count"),
        dropped_links_count=fields.uint32(tags, "otel.dropped_links_count"),
        state="ended" if end else "open",
    )
    return judged_span(span)


def _references(entry: Json) -> tuple[str, list[SpanLink]]:
    """Return the parent's span id and the links: every reference but the one to the parent.

    The parent is the first span of this trace that is named ``CHILD_OF``, else the first that is
    named ``FOLLOWS_FROM``, as Jaeger's UI has it; none where ``parentSpanID`` is there and empty.
    """
    references = fields.objects(entry, "references")
    own_trace = _trace_id(entry)
    within = [each for each in references if _trace_id(each) in ("", own_trace)]
    children = [each for each in within if each.get("refType") == "CHILD_OF"]
    is_root = entry.get("parentSpanID") == ""
    first = next(iter(children or ([] if is_root else within)), None)
    parent = _span_id(entry, "parentSpanID") or (_span_id(first) if first else "")
    links = [
        SpanLink(_trace_id(each), _span_id(each))
        for each in references
        if each is not first or _span_id(each) != parent
    ]
    return parent, links


def _kind(tags: Json) -> SpanKind:
    named = _text(tags, "span.kind").upper()
    return next((kind for kind in KINDS if kind == named), "UNSPECIFIED")


def _status(tags: Json) -> StatusCode:
    named = _text(tags, "otel.status_code").upper()
    failed: StatusCode = "ERROR" if tags.get("error") in (True, "true") else "UNSET"
    return next((status for status in STATUSES if status == named), failed)


def _scope(tags: Json) -> Scope:
    return Scope(
        _text(tags, "otel.scope.name") or _text(tags, "otel.library.name"),
        _text(tags, "otel.scope.version") or _text(tags, "otel.library.version"),
    )


def _event(entry: Json) -> SpanEvent:
    rest = fields.one_object(entry, "otlp")
    found = _values(entry, "fields")
    name = found.pop("event", "")
    return SpanEvent(
        name if isinstance(name, str) else "",
        fields.uint64(rest, "timeUnixNano")
        if "timeUnixNano" in rest
        else _nanos(entry, "timestamp"),
        fields.attributes(rest) if "attributes" in rest else found,
        fields.uint32(rest, "droppedAttributesCount"),
    )


def _is_log(entry: Json) -> bool:
    return any(field.get("key") == LOG_MARK for field in fields.objects(entry, "fields"))


def _logs(entry: Json, span: Span) -> list[LogRecord]:
    found: list[LogRecord] = []
    for each in fields.objects(entry, "logs"):
        if _is_log(each):
            values = _values(each, "fields")
            for key in (LOG_MARK, "event"):
                values.pop(key, None)
            log = LogRecord(
                time_unix_nano=_nanos(each, "timestamp"),
                severity_text=str(values.pop("level", "")),
                body=values.pop("message", None),
                attributes=values,
                trace_id=span.trace_id,
                span_id=span.span_id,
                resource=span.resource,
                scope=span.scope,
            )
            found.append(judged_log(log))
    return found


def _resource_of(entry: Json, resources: dict[str, Resource]) -> Resource:
    # Jaeger's storage has the process in each span, its query API has it beside them.
    if "process" in entry:
        return _resource(fields.one_object(entry, "process"))
    return resources.get(fields.text(entry, "processID"), Resource())


def _resource(process: Json) -> Resource:
    rest = fields.one_object(process, "otlp")
    attributes = _values(process, "tags")
    name = fields.text(process, "serviceName")
    if name and rest.get("named", True):
        attributes = {"service.name": name, **attributes}
    return Resource(
        attributes,
        fields.uint32(rest, "droppedAttributesCount"),
        fields.text(rest, "schemaUrl"),
    )


def _values(entry: Json, name: str) -> dict[str, AttributeValue]:
    return {fields.text(tag, "key"): _value(tag) for tag in fields.objects(entry, name)}


def _value(tag: Json) -> AttributeValue:
    if "otlp" in tag:
        return fields.any_value(tag["otlp"])
    kind, value = tag.get("type"), tag.get("value")
    read = _READERS.get(kind) if isinstance(kind, str) else None
    if read is not None:
        return read(value)
    # Old files leave the type out.
    return value if isinstance(value, str | bool | int | float) else None


def _string(value: object) -> AttributeValue:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _bool(value: object) -> AttributeValue:
    # Jaeger's own storages write booleans as strings.
    return fields.any_value({"boolValue": value == "true" if isinstance(value, str) else value})


def _int(value: object) -> AttributeValue:
    """Read an int64; one that JavaScript has rounded past 64 bits is kept as a double."""
    if isinstance(value, int | float) and not -(2**63) <= value < 2**63:
        return float(value)
    return fields.any_value({"intValue": value})


_READERS: dict[str, Callable[[Any], AttributeValue]] = {
    "string": _string,
    "bool": _bool,
    "int64": _int,
    "float64": lambda value: fields.any_value({"doubleValue": value}),
    "binary": lambda value: fields.any_value({"bytesValue": value}),
}


def _text(tags: Json, name: str) -> str:
    value = tags.get(name)
    return value if isinstance(value, str) else ""


def _nanos(entry: Json, name: str) -> int:
    """Read a number of microseconds, which may have a fraction, as nanoseconds."""
    value = entry.get(name)
    if isinstance(value, float) and 0 <= value < MAX_UINT64 / 1_000:
        whole, fraction = divmod(value, 1)
        return int(whole) * 1_000 + round(fraction * 1_000)
    return min(MAX_UINT64, fields.uint64(entry, name) * 1_000)


def _trace_id(entry: Json) -> str:
    return fields.identifier(_padded(entry, "traceID", TRACE_ID_DIGITS), "traceID")


def _span_id(entry: Json, name: str = "spanID") -> str:
    return fields.identifier(_padded(entry, name, SPAN_ID_DIGITS), name)


def _padded(entry: Json, name: str, digits: int) -> Json:
    """Give an id the leading zeros that Jaeger leaves out."""
    value = entry.get(name)
    return {name: value.zfill(digits) if isinstance(value, str) and value else value}
