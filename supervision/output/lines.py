"""A line that a service printed as a log record of OTLP's JSON. Pure.

A line that is a JSON object is read by its own fields, under the names that loggers of several
languages give them; any other line is a message as it stands.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_Value = TypeVar("_Value")

_TIMES: Final = ("ts", "time", "timestamp", "@timestamp")
_LEVELS: Final = ("level", "severity")
_MESSAGES: Final = ("msg", "message")
_IDS: Final = (
    ("traceId", ("traceId", "trace_id"), 32),
    ("spanId", ("spanId", "span_id"), 16),
)
"""Names in OTLP, in lines, and how many hexadecimal digits an id has."""
_RENAMED: Final = {"request_id": "requestId", "order_id": "orderId"}
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")
"""What a terminal is told to colour text by; a log has no use for it."""
_HEX: Final = re.compile(r"[0-9a-f]+", re.ASCII)
SEVERITIES: Final = {
    "TRACE": 1,
    "DEBUG": 5,
    "INFO": 9,
    "WARN": 13,
    "WARNING": 13,
    "ERROR": 17,
    "CRITICAL": 21,
    "FATAL": 21,
}
_NUMBERED: Final = {10: "TRACE", 20: "DEBUG", 30: "INFO", 40: "WARN", 50: "ERROR", 60: "FATAL"}
"""The levels of pino and bunyan, which write numbers."""
# Epochs in seconds, milliseconds, microseconds and nanoseconds are told apart by their size.
_UNITS: Final = ((10**11, 10**9), (10**14, 10**6), (10**17, 10**3), (10**20, 1))
_DECODER: Final = json.JSONDecoder()
_MAX_NANO: Final = 2**63 - 1


def parts_of(line: str) -> list[str]:
    """Cut a line into the JSON objects that it consists of; any other line is one part.

    Threads that print at once may write both of their lines before the end of either.
    """
    parts: list[str] = []
    at = 0
    while at < len(line):
        try:
            value, end = _DECODER.raw_decode(line, at)
        except (json.JSONDecodeError, RecursionError):
            return [line]
        if not isinstance(value, dict):
            return [line]
        parts.append(line[at:end])
        at = end
    return parts or [line]


def record_of(line: str, *, observed_ns: int, stream: str) -> dict[str, Any]:
    """Return the record of a line that was read from ``stream`` at ``observed_ns``."""
    line = _COLOUR.sub("", line)
    fields = _object(line)
    attributes: dict[str, Any] = {"log.iostream": stream}
    record: dict[str, Any] = {"observedTimeUnixNano": str(observed_ns)}
    if fields is None:
        record |= {"timeUnixNano": str(observed_ns), "body": {"stringValue": line}}
        record |= {"severityText": "INFO", "severityNumber": SEVERITIES["INFO"]}
    else:
        record["timeUnixNano"] = str(_taken(fields, _TIMES, _nanoseconds) or observed_ns)
        level = _taken(fields, _LEVELS, _level) or "INFO"
        record |= {"severityText": level, "severityNumber": SEVERITIES[level]}
        record["body"] = {"stringValue": _taken(fields, _MESSAGES, _text) or line}
        for key, names, length in _IDS:
            if (id_ := _taken(fields, names, partial(_id, length=length))) is not None:
                record[key] = id_
        attributes |= {_RENAMED.get(name, name): value for name, value in fields.items()}
    record["attributes"] = [
        {"key": name, "value": _any_value(value)}
        for name, value in attributes.items()
        if value is not None
    ]
    return record


def _object(line: str) -> dict[str, Any] | None:
    if not line.lstrip().startswith("{"):
        return None
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None


def _taken(
    fields: dict[str, Any], names: tuple[str, ...], read: Callable[[object], _Value | None]
) -> _Value | None:
    """Take the first of ``names`` that can be read out of ``fields``; what can't stays there."""
    for name in names:
        value = read(fields.get(name))
        if value is not None:
            del fields[name]
            return value
    return None


def _nanoseconds(value: object) -> int | None:
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return None
        since = moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.fromtimestamp(0, UTC)
        nano = (since.days * 86_400 + since.seconds) * 10**9 + since.microseconds * 1_000
    elif isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
        factor = next((unit for below, unit in _UNITS if value < below), 0)
        nano = int(value * factor)
    else:
        return None
    return nano if 0 < nano <= _MAX_NANO else None


def _level(value: object) -> str | None:
    if isinstance(value, int):
        return _NUMBERED.get(value)
    name = value.strip().upper() if isinstance(value, str) else ""
    return name if name in SEVERITIES else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _id(value: object, *, length: int) -> str | None:
    text = value.lower() if isinstance(value, str) else ""
    is_id = len(text) == length and _HEX.fullmatch(text) is not None and text.strip("0") != ""
    return text if is_id else None


def _any_value(value: object) -> Mapping[str, Any]:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return {"stringValue": text}
