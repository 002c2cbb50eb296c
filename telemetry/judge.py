"""What a record must be to be kept: the same for every way in. Pure.

A record is judged alone. What is malformed in it refuses it and nothing else; a link that leads
nowhere is dropped and counted, and the span is kept.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from telemetry.errors import RecordRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telemetry.records import LogRecord, Span, SpanLink

TRACE_ID_DIGITS = 32
SPAN_ID_DIGITS = 16
MAX_TIME = 2**63 - 1
"""The latest time that can be stored: in the year 2262."""

_MAX_SEVERITY = 24
_HEX = frozenset("0123456789abcdef")


def judged_span(span: Span) -> Span:
    """Return ``span`` as it is kept.

    :raises RecordRefusedError: it cannot be kept; the text has the reason.
    """
    _require_id(span.trace_id, TRACE_ID_DIGITS, "trace id")
    _require_id(span.span_id, SPAN_ID_DIGITS, "span id")
    parent = _optional_id(span.parent_span_id, SPAN_ID_DIGITS, "parent span id")
    if parent != span.parent_span_id:
        span = replace(span, parent_span_id=parent)
    if span.start_time_unix_nano > MAX_TIME or span.end_time_unix_nano > MAX_TIME:
        raise RecordRefusedError("its time lies after the year 2262")
    if span.events and any(event.time_unix_nano > MAX_TIME for event in span.events):
        raise RecordRefusedError("the time of an event lies after the year 2262")
    if span.links and not all(map(is_link, span.links)):
        kept = [link for link in span.links if is_link(link)]
        dropped = span.dropped_links_count + len(span.links) - len(kept)
        span = replace(span, links=kept or (), dropped_links_count=dropped)
    return span


def judged_log(log: LogRecord) -> LogRecord:
    """Return ``log`` as it is kept; a severity that does not exist is unspecified.

    :raises RecordRefusedError: it cannot be kept; the text has the reason.
    """
    trace_id = _optional_id(log.trace_id, TRACE_ID_DIGITS, "trace id")
    span_id = _optional_id(log.span_id, SPAN_ID_DIGITS, "span id")
    if log.time_unix_nano > MAX_TIME or log.observed_time_unix_nano > MAX_TIME:
        raise RecordRefusedError("its time lies after the year 2262")
    severity = log.severity_number if 0 <= log.severity_number <= _MAX_SEVERITY else 0
    if (trace_id, span_id, severity) != (log.trace_id, log.span_id, log.severity_number):
        return replace(log, trace_id=trace_id, span_id=span_id, severity_number=severity)
    return log


def is_link(link: SpanLink) -> bool:
    """Whether a link names a span."""
    return _is_id(link.trace_id, TRACE_ID_DIGITS) and _is_id(link.span_id, SPAN_ID_DIGITS)


def _require_id(value: str, digits: int, name: str) -> None:
    if not _is_id(value, digits):
        raise RecordRefusedError(f"it has no valid {name}")


def _optional_id(value: str, digits: int, name: str) -> str:
    """Return the id, or an empty string for zeros, which mean that there is none."""
    if not value:
        return ""
    if len(value) != digits or not _HEX.issuperset(value):
        raise RecordRefusedError(f"its {name} is not {digits} hexadecimal digits")
    return value if value.strip("0") else ""


def _is_id(value: str, digits: int) -> bool:
    return len(value) == digits and _HEX.issuperset(value) and bool(value.strip("0"))


def described(problems: Iterable[str], *, at_most: int = 10) -> str:
    """Join the first reasons into the text of an answer, with how many more there are."""
    listed = list(problems)
    more = len(listed) - at_most
    return "; ".join(listed[:at_most]) + (f"; and {more} more" if more > 0 else "")
