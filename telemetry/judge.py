"""What a record must be to be kept: the same for every way in. Pure.

A record is judged alone. What is malformed in it refuses it and nothing else; a link that leads
nowhere is dropped and counted, and the span is kept.
"""

from __future__ import annotations

import re
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
# One pattern for length, digits and that not all are zeros: every span is asked twice.
_is_trace_id = re.compile(rf"(?!0{{{TRACE_ID_DIGITS}}})[0-9a-f]{{{TRACE_ID_DIGITS}}}").fullmatch
_is_span_id = re.compile(rf"(?!0{{{SPAN_ID_DIGITS}}})[0-9a-f]{{{SPAN_ID_DIGITS}}}").fullmatch


def judged_span(span: Span) -> Span:
    """Return ``span`` as it is kept.

    :raises RecordRefusedError: it cannot be kept; the text has the reason.
    """
    if not _is_trace_id(span.trace_id):
        raise RecordRefusedError("it has no valid trace id")
    if not _is_span_id(span.span_id):
        raise RecordRefusedError("it has no valid span id")
    parent = span.parent_span_id
    if parent and not _is_span_id(parent):
        span = replace(span, parent_span_id=_no_id(parent, SPAN_ID_DIGITS, "parent span id"))
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
    trace_id, span_id = log.trace_id, log.span_id
    if trace_id and not _is_trace_id(trace_id):
        trace_id = _no_id(trace_id, TRACE_ID_DIGITS, "trace id")
    if span_id and not _is_span_id(span_id):
        span_id = _no_id(span_id, SPAN_ID_DIGITS, "span id")
    if log.time_unix_nano > MAX_TIME or log.observed_time_unix_nano > MAX_TIME:
        raise RecordRefusedError("its time lies after the year 2262")
    severity = log.severity_number if 0 <= log.severity_number <= _MAX_SEVERITY else 0
    if (trace_id, span_id, severity) != (log.trace_id, log.span_id, log.severity_number):
        return replace(log, trace_id=trace_id, span_id=span_id, severity_number=severity)
    return log


def is_link(link: SpanLink) -> bool:
    """Whether a link names a span."""
    return bool(_is_trace_id(link.trace_id) and _is_span_id(link.span_id))


def _no_id(value: str, digits: int, name: str) -> str:
    """Return an empty string for zeros, which mean that there is no id; refuse anything else."""
    if value != "0" * digits:
        raise RecordRefusedError(f"its {name} is not {digits} hexadecimal digits")
    return ""


def described(problems: Iterable[str], *, at_most: int = 10) -> str:
    """Join the first reasons into the text of an answer, with how many more there are."""
    listed = list(problems)
    more = len(listed) - at_most
    return "; ".join(listed[:at_most]) + (f"; and {more} more" if more > 0 else "")
