"""The log lines of orders: which there are, and how one reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from base.message import Message
from experiments.checker.settling import wait_for
from experiments.texts import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from base.lab import Lab
    from experiments.checker.history import Operation

    Line = Mapping[str, Any]


NOT_SENT = "not sent"
"""The errorKind where no line reports a call; an experiment's file may expect it."""


def lines_of(
    lab: Lab, operations: Iterable[Operation], message: str, fields: Mapping[str, Any]
) -> list[Line | None]:
    """Return the first log line of each order with this message and these fields, or None."""
    return [_line_of(lab, operation, message, fields) for operation in operations]


def wait_for_lines(
    lab: Lab,
    operations: Sequence[Operation],
    message: str,
    fields: Mapping[str, Any],
    seconds: float,
) -> list[Line | None]:
    """Return `lines_of` the orders, once each has its line or ``seconds`` have passed."""
    return wait_for(lambda: lines_of(lab, operations, message, fields), is_full, seconds)


def is_full(lines: list[Line | None]) -> bool:
    """Whether there is a line for each order, and an order at all."""
    return bool(lines) and all(lines)


def line_text(message: str, fields: Mapping[str, Any]) -> str:
    """Write a log line as ``message, field value, …``."""
    return ", ".join([message, *(f"{key} {value}" for key, value in fields.items())])


def found_text(line: Line | None, fields: Iterable[str]) -> Message:
    """Say how a line reads, with its ``fields`` and its ``elapsedMs``, or that there is none."""
    if line is None:
        return Message("value.no_line")
    attributes = line["attributes"]
    shown = {key: attributes[key] for key in fields}
    if attributes.get("elapsedMs") is not None:
        shown["elapsedMs"] = attributes["elapsedMs"]
    return plain(line_text(line["msg"], shown))


def error_kind_of(line: Line | None) -> str:
    """Return the errorKind of a line about a failed call, or `NOT_SENT`."""
    return str((line and line["attributes"].get("errorKind")) or NOT_SENT)


def error_kind_message(kind: str) -> Message:
    """Put an errorKind into a message: its name, but for `NOT_SENT`."""
    return Message("value.not_sent") if kind == NOT_SENT else plain(kind)


def _line_of(
    lab: Lab, operation: Operation, message: str, fields: Mapping[str, Any]
) -> Line | None:
    for log in _logs_of(lab, operation):
        attributes = log["attributes"]
        matches = all(attributes.get(key) == value for key, value in fields.items())
        if log["msg"] == message and matches:
            return log
    return None


def _logs_of(lab: Lab, operation: Operation) -> list[dict[str, Any]]:
    if operation.trace_id:
        return lab.trace_logs(operation.trace_id)
    return lab.logs(requestId=operation.request_id)
