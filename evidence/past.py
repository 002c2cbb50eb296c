"""The records as they were at a moment: what goes on then has no end yet, nor what came of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evidence.model.trace import ended, moment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evidence.windows import FaultWindow
    from telemetry.records import LogRecord, Span

# What a caller sets when a span begins, by the conventions; anything else may have come later.
_SET_AT_START = (
    *("request.id", "lab.action", "lab.boundary", "lab.attempt", "lab.max_attempts"),
    *("lab.timeout_ms", "lab.wait_ms", "http.request.method", "http.method", "http.url"),
    *("http.host", "http.target", "http.route", "url.", "server.", "client.", "net."),
    *("network.", "peer.", "service.peer.", "messaging.", "db.", "rpc.", "user_agent."),
)
_OUTCOMES = ("status", "response", "error")


def known_spans(spans: Iterable[Span], at: int) -> list[Span]:
    """The spans that had begun by ``at``, in Unix nanoseconds, as their makers knew them then.

    When a process died is not on record: until the end its spans go on.
    """
    return [span if _is_over(span, at) else _open(span, at) for span in spans if moment(span) <= at]


def known_logs(logs: Iterable[LogRecord], at: int) -> list[LogRecord]:
    """The log records written by ``at``."""
    return [log for log in logs if moment(log) <= at]


def known_faults(windows: Iterable[FaultWindow], at: int) -> list[FaultWindow]:
    """The faults set by ``at``; of one that was healed later, nobody knew the end."""
    return [
        replace(each, end_unix_nano=None) if (each.end_unix_nano or 0) > at else each
        for each in windows
        if each.start_unix_nano <= at
    ]


def _is_over(span: Span, at: int) -> bool:
    return ended(span) and span.end_time_unix_nano <= at


def _open(span: Span, at: int) -> Span:
    if not ended(span):
        # What is stored of it is what its maker sent at its start.
        return replace(span, state="open")
    return replace(
        span,
        end_time_unix_nano=0,
        state="open",
        status_code="UNSET",
        status_message="",
        attributes={key: value for key, value in span.attributes.items() if _set_at_start(key)},
        events=[event for event in span.events if event.time_unix_nano <= at],
    )


def _set_at_start(key: str) -> bool:
    return key.startswith(_SET_AT_START) and not any(part in key for part in _OUTCOMES)
