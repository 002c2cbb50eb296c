"""JSON reads of traces and logs, export and import."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from telemetry import exchange, queries, search, selection
from telemetry.errors import TelemetryError, TooLarge
from telemetry.models import LogRow, TraceRow
from telemetry.search import BadQueryError
from telemetry.stats import stats
from telemetry.store import WRITER
from telemetry.wire import OUTLINE_COLUMNS, log_json, outline_row, span_json, summary_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from telemetry.records import LogRecord, Span

_MAX_PIECE = 5_000
_MAX_OUTLINE = 20_000
_MAX_LOGS = 1_000
_STORE_SECONDS = 60


def api(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Turn a parameter that is wrong into a 400 that names it, and what is too much into a 413."""

    @wraps(view)
    def answered(request: HttpRequest, **kwargs: str) -> HttpResponse:
        try:
            return view(request, **kwargs)
        except BadQueryError as error:
            return _answer({"error": str(error), "field": error.field}, status=400)
        except TooLarge as error:
            return _answer({"error": str(error)}, status=error.status)

    return answered


@require_GET
@api
def traces(request: HttpRequest) -> HttpResponse:
    """``GET /api/traces``: newest first, filtered, a page at a time."""
    rows, cursor = search.find(search.read(request.GET))
    return _answer(
        {"traces": [summary_json(each) for each in queries.summaries(rows)], "next": cursor}
    )


@require_GET
@api
def trace(request: HttpRequest, trace_id: str) -> HttpResponse:
    """``GET /api/traces/{traceId}``, or the same as OTLP or Jaeger JSON to download."""
    spans, logs, truncated = queries.trace_records(trace_id)
    if not spans and not logs:
        return _not_found()
    wanted = request.GET.get("format", "")
    if wanted:
        if wanted not in ("otlp", "jaeger"):
            raise BadQueryError("format must be otlp or jaeger", field="format")
        if truncated:
            return _answer({"error": "the trace is too large for one file"}, status=413)
        return _file(wanted, spans, logs, name=trace_id)
    return _answer(
        {
            "traceId": trace_id,
            "spans": [span_json(span) for span in spans],
            "logs": [log_json(log) for log in logs],
            "truncated": truncated,
        }
    )


@require_GET
@api
def export(request: HttpRequest) -> HttpResponse:
    """``GET /api/export``: traces by their ids or by the list's filters, in one file."""
    wanted = selection.format_of(request.GET)
    ids = selection.trace_ids(request.GET)
    if not ids:
        return _answer({"error": "no trace matches"}, status=404)
    spans, logs = selection.records_of(ids)
    name = ids[0] if len(ids) == 1 else f"traces-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    return _file(wanted, spans, logs, name=name)


@require_GET
@api
def trace_spans(request: HttpRequest, trace_id: str) -> HttpResponse:
    """``GET /api/traces/{traceId}/spans``: a large trace in pieces.

    ``fields=outline`` gives rows instead of objects, without attributes: what is drawn of a trace.
    """
    after = _seq(request) or 0
    fields = request.GET.get("fields", "all")
    if fields not in ("all", "outline"):
        raise BadQueryError("fields must be all or outline", field="fields")
    if fields == "all":
        limit = search.limit_of(request.GET, default=1_000, highest=_MAX_PIECE)
        spans, cursor = queries.trace_pieces(trace_id, after=after, limit=limit)
        return _answer({"spans": [span_json(span) for span in spans], "next": cursor})
    limit = search.limit_of(request.GET, default=1_000, highest=_MAX_OUTLINE)
    rows, cursor = queries.trace_outline(trace_id, after=after, limit=limit)
    return _answer(
        {
            "columns": OUTLINE_COLUMNS,
            "rows": [outline_row(row) for row in rows],
            "next": cursor,
            "last": rows[-1][0] if rows else after,
            "total": queries.span_count(trace_id),
        }
    )


@require_GET
@api
def trace_span(_request: HttpRequest, trace_id: str, span_id: str) -> HttpResponse:
    """``GET /api/traces/{traceId}/spans/{spanId}``: one span, whole."""
    found = queries.span(trace_id, span_id)
    return _not_found() if found is None else _answer(span_json(found))


@require_GET
@api
def logs(request: HttpRequest) -> HttpResponse:
    """``GET /api/logs``: the newest that match, in order of time; ``next`` leads to older ones."""
    rows = LogRow.objects.all()
    columns = {
        "requestId": "request_id",
        "orderId": "order_id",
        "traceId": "trace_id",
        "service": "service",
        "level": "level",
    }
    for parameter, column in columns.items():
        if value := request.GET.get(parameter):
            rows = rows.filter(**{column: value})
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(queries.matching_text(text))
    limit = search.limit_of(request.GET, default=200, highest=_MAX_LOGS)
    page, cursor = queries.logs_page(rows, before=_seq(request), limit=limit)
    return _answer({"logs": [log_json(log) for log in page], "next": cursor})


@require_GET
def telemetry(_request: HttpRequest) -> HttpResponse:
    """``GET /api/telemetry``: the gauge."""
    return _answer(stats())


@require_POST
def import_records(request: HttpRequest) -> HttpResponse:
    """``POST /api/import``: a file of OTLP JSON or Jaeger JSON; all of it is stored, or nothing."""
    try:
        imported = exchange.parse_import(request.body)
        spans, records = imported.spans, imported.logs
        WRITER.submit(spans, records).result(_STORE_SECONDS)
    except TelemetryError as error:
        return _answer({"error": str(error)}, status=error.status)
    trace_ids = sorted({span.trace_id for span in spans})
    known = TraceRow.objects.filter(trace_id__in=trace_ids[:_MAX_LOGS]).count()
    return _answer(
        {
            "spans": len(spans),
            "logs": len(records),
            "traceIds": trace_ids[:_MAX_LOGS],
            "traces": known,
        },
        status=201,
    )


def _seq(request: HttpRequest) -> int | None:
    text = request.GET.get("cursor", "")
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > len(str(2**63)) - 1:
        raise BadQueryError("cursor is not one of this list's", field="cursor")
    return int(text)


def _file(
    wanted: str, spans: Sequence[Span], logs: Sequence[LogRecord], *, name: str
) -> HttpResponse:
    make = exchange.export_otlp if wanted == "otlp" else exchange.export_jaeger
    # orjson takes no integer that is wider than 64 bits.
    response = HttpResponse(json.dumps(make(spans, logs)), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{wanted}.json"'
    return response


def _not_found() -> HttpResponse:
    return _answer({"error": "not found"}, status=404)


def _answer(data: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(orjson.dumps(data), content_type="application/json", status=status)
