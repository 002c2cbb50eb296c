"""The journal's entries as OpenTelemetry log records, in OTLP's JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from network.journal.journal import REACHED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from network.journal.journal import Entry

SERVICE_NAME: Final = "network"
_INFO: Final = 9


def log_records(entries: Iterable[Entry]) -> dict[str, Any]:
    """Return a request of OTLP/HTTP with a log record for each entry."""
    scope_logs = {"scope": {"name": SERVICE_NAME}, "logRecords": [_record(e) for e in entries]}
    resource = {"attributes": _attributes({"service.name": SERVICE_NAME})}
    return {"resourceLogs": [{"resource": resource, "scopeLogs": [scope_logs]}]}


def _record(entry: Entry) -> dict[str, Any]:
    origin = {"traceId": entry.trace_id, "spanId": entry.span_id} if entry.trace_id else {}
    size = f" {entry.bytes} bytes" if entry.bytes else ""
    delay = f" by {entry.delay_ms:g} ms" if entry.delay_ms else ""
    did = f"{entry.toxic} ({entry.type}, {entry.stream}) {entry.action}{size}{delay}"
    if entry.action == REACHED:
        did = "the request reached the other side"
    body = f"{entry.proxy}: {did}"
    return {
        "timeUnixNano": str(entry.started_ns),
        "severityNumber": _INFO,
        "severityText": "INFO",
        "body": {"stringValue": body},
        "attributes": _attributes(
            {
                "lab.link": entry.proxy,
                "lab.link.stream": entry.stream,
                "lab.link.connection": entry.connection,
                "lab.toxic": entry.toxic,
                "lab.toxic.type": entry.type,
                "lab.toxic.action": entry.action,
                "lab.toxic.times": entry.times,
                "lab.toxic.bytes": entry.bytes,
                "lab.toxic.delay_ms": entry.delay_ms,
                "lab.toxic.until_unix_nano": entry.ended_ns,
                **({"request.id": entry.request_id} if entry.request_id else {}),
            }
        ),
        **origin,
        # Of a trace that its caller sends on: it has to be taken for sampled.
        "flags": 1,
    }


def _attributes(values: dict[str, str | int | float]) -> list[dict[str, Any]]:
    return [{"key": name, "value": _value(value)} for name, value in values.items()]


def _value(value: str | float) -> dict[str, Any]:
    if isinstance(value, str):
        return {"stringValue": value}
    return {"intValue": str(value)} if isinstance(value, int) else {"doubleValue": value}
