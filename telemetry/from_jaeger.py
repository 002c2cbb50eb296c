"""Jaeger's JSON to records: what Jaeger's UI saves, and what `telemetry.jaeger` exports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telemetry.jaeger import LOG_MARK, OWN_TAGS
from telemetry.otlp import from_json
from telemetry.otlp import json_fields as fields
from telemetry.otlp.enums import KINDS, MAX_UINT64, SPAN_ID_DIGITS, STATUSES, TRACE_ID_DIGITS
from telemetry.records import LogRecord, Resource, Scope, Span, SpanEvent, SpanLink

if TYPE_CHECKING:
    from collections.abc import Callable

    from telemetry.otlp.json_fields import Json
    from telemetry.records import AttributeValue, SpanKind, StatusCode


def records_of(document: Json) -> tuple[list[Span], list[LogRecord], list[str]]:
    """Decode a document to spans, log records and what was wrong with the others.

    :raises WrongFieldError: it is not Jaeger's JSON.
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
            except fields.WrongFieldError as error:
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
    trace_id = fields.trace_id(_padded(entry, "traceID", TRACE_ID_DIGITS), "traceID")
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
    return Span(
        trace_id=trace_id or fields.refuse("it has no valid traceID"),
        span_id=_span_id(entry) or fields.refuse("it has no valid spanID"),
        name=fields.text(entry, "operationName"),
        start_time_unix_nano=start,
        end_time_unix_nano=end,
        parent_span_id=parent,
        kind=_kind(tags),
        status_code=_status(tags),
        status_message=_text(tags, "otel.status_description"),
        attributes=fields.attributes(rest) if "attributes" in rest else attributes,
        events=[_event(each) for each in fields.objects(entry, "logs") if not _is_log(each)],
        links=from_json.links_of(rest) if "links" in rest else links,
        resource=_resource_of(entry, resources),
        scope=from_json.scope_of(rest) if "scope" in rest else _scope(tags),
        trace_state=_text(tags, "w3c.tracestate"),
        flags=fields.uint32(entry, "flags"),
        dropped_attributes_count=fields.uint32(tags, "otel.dropped_attributes_count"),
        dropped_events_count=fields.uint32(tags, "otel.dropped_events_count"),
        dropped_links_count=fields.uint32(tags, "otel.dropped_links_count"),
        state="ended" if end else "open",
    )


def _references(entry: Json) -> tuple[str, list[SpanLink]]:
    """Return the parent's span id and the links: every reference but the first to a parent."""
    parent = _span_id(entry, "parentSpanID")
    links: list[SpanLink] = []
    for reference in fields.objects(entry, "references"):
        span_id = _span_id(reference)
        if reference.get("refType") == "CHILD_OF" and parent in ("", span_id):
            parent = span_id
            continue
        trace_id = fields.trace_id(_padded(reference, "traceID", TRACE_ID_DIGITS), "traceID")
        if trace_id and span_id:
            links.append(SpanLink(trace_id, span_id))
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
            found.append(
                LogRecord(
                    time_unix_nano=_nanos(each, "timestamp"),
                    severity_text=str(values.pop("level", "")),
                    body=values.pop("message", None),
                    attributes=values,
                    trace_id=span.trace_id,
                    span_id=span.span_id,
                    resource=span.resource,
                    scope=span.scope,
                )
            )
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
    member = _MEMBERS.get(kind) if isinstance(kind, str) else None
    if member is None:
        # Old files leave the type out.
        return value if isinstance(value, str | bool | int | float) else None
    return fields.any_value({member: _LENIENT.get(kind or "", _same)(value)})


def _same(value: Any) -> Any:
    return value


_MEMBERS = {
    "string": "stringValue",
    "bool": "boolValue",
    "int64": "intValue",
    "float64": "doubleValue",
    "binary": "bytesValue",
}
# Jaeger's own storages write numbers and truth values as texts.
_LENIENT: dict[str, Callable[[Any], Any]] = {
    "bool": lambda value: value == "true" if isinstance(value, str) else value,
}


def _text(tags: Json, name: str) -> str:
    value = tags.get(name)
    return value if isinstance(value, str) else ""


def _nanos(entry: Json, name: str) -> int:
    return min(MAX_UINT64, fields.uint64(entry, name) * 1_000)


def _span_id(entry: Json, name: str = "spanID") -> str:
    return fields.span_id(_padded(entry, name, SPAN_ID_DIGITS), name)


def _padded(entry: Json, name: str, digits: int) -> Json:
    """Give an id the leading zeros that Jaeger leaves out."""
    value = entry.get(name)
    return {name: value.zfill(digits) if isinstance(value, str) and value else value}
