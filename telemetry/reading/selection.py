"""Several traces for one file: chosen by their ids, or what the filters of the list find."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as _

from telemetry.errors import TooLarge
from telemetry.models import LogRow, SpanRow, TraceRow
from telemetry.reading import search
from telemetry.reading.queries import logs_of, spans_of
from telemetry.reading.search import BadQueryError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import QueryDict

    from telemetry.records import LogRecord, Span

MAX_TRACES = 200
MAX_RECORDS = 20_000
FORMATS = ("otlp", "jaeger")
_FILTERS = (
    "requestId",
    "orderId",
    "service",
    "status",
    "errorKind",
    "minMs",
    "maxMs",
    "attr",
    "q",
    "ofOrders",
    "probes",
    "since",
    "until",
)
_TRACE_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


class Selection(NamedTuple):
    """The records of the selected traces: spans by start, log records by time."""

    spans: list[Span]
    logs: list[LogRecord]


def format_of(query: QueryDict) -> str:
    """Read the format of the file.

    :raises BadQueryError: it is none of `FORMATS`.
    """
    file_format = query.get("format", "")
    if file_format not in FORMATS:
        raise BadQueryError("format must be otlp or jaeger", field="format")
    return file_format


def trace_ids(query: QueryDict) -> list[str]:
    """Return the ids of the traces that a query selects; with neither ids nor filters, of all.

    :raises BadQueryError: a parameter is not what it should be, or a chosen trace is not stored.
    :raises TooLarge: it selects more than `MAX_TRACES`.
    """
    for name in query:
        if name not in (*_FILTERS, "format", "traceId"):
            # What is misspelt must not select everything.
            raise BadQueryError(f"there is no parameter {name} here", field=name)
    if "traceId" in query:
        return _chosen(query)
    rows, more = search.find(replace(search.read(query), limit=MAX_TRACES))
    if more:
        raise _too_many()
    return [row.trace_id for row in rows]


def records_of(ids: Sequence[str]) -> Selection:
    """Read the records of the traces ``ids``.

    :raises TooLarge: they are more than `MAX_RECORDS`.
    """
    spans = SpanRow.objects.filter(trace_id__in=ids).order_by("start_ns", "seq")
    span_rows = list(spans[: MAX_RECORDS + 1])
    logs = LogRow.objects.filter(trace_id__in=ids).order_by("time_ns", "seq")
    log_rows = list(logs[: max(0, MAX_RECORDS - len(span_rows)) + 1])
    if len(span_rows) + len(log_rows) > MAX_RECORDS:
        raise TooLarge(
            _("these traces have more than %(most)s spans and log records: choose fewer")
            % {"most": MAX_RECORDS}
        )
    return Selection(spans_of(span_rows), logs_of(log_rows))


def _chosen(query: QueryDict) -> list[str]:
    if any(query.get(name) for name in _FILTERS):
        raise BadQueryError("choose traces by traceId or by filters, not both", field="traceId")
    chosen = list(dict.fromkeys(each.strip().lower() for each in query.getlist("traceId")))
    if len(chosen) > MAX_TRACES:
        raise _too_many()
    if not all(_TRACE_ID.fullmatch(each) for each in chosen):
        raise BadQueryError("traceId must be 32 hexadecimal digits", field="traceId")
    known = set(TraceRow.objects.filter(trace_id__in=chosen).values_list("trace_id", flat=True))
    missing = next((each for each in chosen if each not in known), None)
    if missing is not None:
        raise BadQueryError(_("there is no trace %(id)s") % {"id": missing}, field="traceId")
    return chosen


def _too_many() -> TooLarge:
    return TooLarge(
        _("these are more than %(most)s traces: choose fewer, or narrow the filters")
        % {"most": MAX_TRACES}
    )
