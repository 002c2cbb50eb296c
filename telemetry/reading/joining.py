"""Log records without a trace of their own, joined to one by the request that they name.

A service whose code knows no tracing prints a request's id at best. Where a span or a record of a
trace has the same id, the line belongs to that trace.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db.models import Q

from telemetry.models import LogRow, SpanRow
from telemetry.records import key_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telemetry.records import LogRecord

JOINED_BY = "lab.joined_by"
"""What ties a record to its trace: a ``span``, another ``record``, an action's ``answer``."""

REQUEST_ID_SOURCE = "lab.request_id.source"
"""On a span whose request's id was read out of the ``answer``."""

_MOST_REQUESTS = 100


def of_trace(trace_id: str) -> Q:
    """Select the log rows of a trace, and those that a request's id joins to it."""
    own = Q(trace_id=trace_id)
    # A large trace is not gone through where no record waits for one.
    if not LogRow.objects.filter(trace_id="").exclude(request_id="").exists():
        return own
    requests = _requests_of(trace_id)
    return own | Q(trace_id="", request_id__in=requests) if requests else own


def joined(logs: Iterable[LogRecord], trace_id: str) -> list[LogRecord]:
    """Give ``logs``, selected by `of_trace`, their trace; those that were joined say by what."""
    return [log if log.trace_id else _joined(log, trace_id) for log in logs]


def _joined(log: LogRecord, trace_id: str) -> LogRecord:
    tie = _tie(trace_id, key_text(log.attributes.get("requestId")))
    return replace(log, trace_id=trace_id, attributes={**log.attributes, JOINED_BY: tie})


def _requests_of(trace_id: str) -> list[str]:
    found: set[str] = set()
    for model in (SpanRow, LogRow):
        rows = model.objects.filter(trace_id=trace_id).exclude(request_id="")
        found |= set(rows.values_list("request_id", flat=True).distinct()[:_MOST_REQUESTS])
    return sorted(found)


def _tie(trace_id: str, request_id: str) -> str:
    spans = SpanRow.objects.filter(trace_id=trace_id, request_id=request_id)
    if not spans.exists():
        return "record"
    answered = spans.filter(data__contains=f'"{REQUEST_ID_SOURCE}":"answer"')
    return "answer" if answered.count() == spans.count() else "span"
