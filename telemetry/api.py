"""JSON reads of traces and logs, export and import."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from base.log_levels import spellings
from base.numbers import whole_number
from telemetry import exchange
from telemetry.errors import TelemetryError, TooLarge
from telemetry.live.brief import brief_log
from telemetry.models import LogRow, TraceRow
from telemetry.reading import queries, search, selection
from telemetry.reading.attribute import attribute_values
from telemetry.reading.comparing.comparison import compare
from telemetry.reading.distribution import distribution as spread
from telemetry.reading.joining import joined, of_trace
from telemetry.reading.outlines.outline import PACKED, outline
from telemetry.reading.probes import logs_without_probes, probes_among
from telemetry.reading.search import BadQueryError
from telemetry.reading.stats import stats
from telemetry.reading.whole import whole_span_json
from telemetry.reading.wire import log_json, span_json, summary_json
from telemetry.records import key_text
from telemetry.store.retention import RETENTION
from telemetry.store.writer import WRITER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from telemetry.records import LogRecord, Span

_OF_ONE_REQUEST = ("requestId", "orderId", "traceId")
_MAX_PIECE = 5_000
_MAX_OUTLINE = 20_000
_MAX_LOGS = 1_000
_STORE_SECONDS = 60
_MAX_PROBLEMS = 20


def api(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Turn a parameter that is wrong into a 400 that names it, and what is too much into a 413."""

    @wraps(view)
    def answered(request: HttpRequest, **kwargs: str) -> HttpResponse:
        try:
            # Ids are hexadecimal in either case, however they were copied.
            return view(request, **{name: id_.strip().lower() for name, id_ in kwargs.items()})
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
def distribution(request: HttpRequest) -> HttpResponse:
    """``GET /api/distribution``: what the list's filters find, by duration and by time."""
    return _answer(spread(search.read(request.GET)))


@require_GET
@api
def comparison(request: HttpRequest) -> HttpResponse:
    """``GET /api/compare?a=&b=``: two traces step by step, or one alone without its steps.

    One that is not stored is null; then there are no steps either.
    """
    ids = {name: request.GET.get(name, "").strip().lower() for name in ("a", "b")}
    ids = {name: trace_id for name, trace_id in ids.items() if trace_id}
    if not ids:
        raise BadQueryError("a and b must be ids of traces", field="a")
    rows = TraceRow.objects.in_bulk(ids.values())
    found = {each.row.trace_id: summary_json(each) for each in queries.summaries(rows.values())}
    sides = {name: found.get(trace_id) for name, trace_id in ids.items()}
    both = len(ids) > 1 and all(sides.values())
    return _answer({**sides, **(compare(**ids) if both else {})})


@require_http_methods(["GET", "DELETE"])
@api
def trace(request: HttpRequest, trace_id: str) -> HttpResponse:
    """``GET /api/traces/{traceId}``, or the same as OTLP or Jaeger JSON to download.

    ``DELETE`` removes the trace with its spans and log records, an imported one too.
    """
    if request.method == "DELETE":
        return HttpResponse(status=204) if RETENTION.remove_traces([trace_id]) else _not_found()
    spans, logs, truncated = queries.trace_records(trace_id)
    if not spans and not logs:
        return _not_found()
    file_format = request.GET.get("format", "")
    if file_format:
        if file_format not in ("otlp", "jaeger"):
            raise BadQueryError("format must be otlp or jaeger", field="format")
        if truncated:
            return _answer({"error": "the trace is too large for one file"}, status=413)
        return _file(file_format, spans, logs, name=trace_id)
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
    file_format = selection.format_of(request.GET)
    ids = selection.trace_ids(request.GET)
    if not ids:
        return _answer({"error": "no trace matches"}, status=404)
    spans, logs = selection.records_of(ids)
    name = ids[0] if len(ids) == 1 else f"traces-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    return _file(file_format, spans, logs, name=name)


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
    return _answer(outline(trace_id, after=after, limit=limit))


@require_GET
@api
def trace_packed(_request: HttpRequest, trace_id: str) -> HttpResponse:
    """``GET /api/traces/{traceId}/packed``: the page's outline in columns of numbers."""
    return HttpResponse(PACKED.of(trace_id), content_type="application/octet-stream")


@require_GET
@api
def trace_attribute(request: HttpRequest, trace_id: str) -> HttpResponse:
    """``GET /api/traces/{traceId}/attribute?key=``: the value on each span that carries it."""
    key = request.GET.get("key", "")
    if not key:
        raise BadQueryError("key must be the name of an attribute", field="key")
    return _answer(attribute_values(trace_id, key))


@require_GET
@api
def trace_span(request: HttpRequest, trace_id: str, span_id: str) -> HttpResponse:
    """``GET /api/traces/{traceId}/spans/{spanId}``: one span, whole.

    ``service`` and ``kind`` choose among spans that share an id. Of values with more than
    ``longest`` characters the beginning comes alone.
    """
    only = {name: request.GET[name] for name in ("service", "kind") if name in request.GET}
    longest = request.GET.get("longest", "")
    most = whole_number(longest, lowest=1, highest=2**31) if longest else None
    if longest and most is None:
        raise BadQueryError("longest must be a number of characters", field="longest")
    found = queries.span(trace_id, span_id, **only)
    return _not_found() if found is None else _answer(whole_span_json(found, longest=most))


@require_GET
@api
def logs(request: HttpRequest) -> HttpResponse:
    """``GET /api/logs``: the newest that match, in order of time; ``next`` leads to older ones.

    Those of health checks and probes come with ``probes=1``, or when one request is asked for;
    ``probes`` are the traces of such among them. ``fields=brief`` cuts each to what a line shows.
    """
    fields = request.GET.get("fields", "all")
    if fields not in ("all", "brief"):
        raise BadQueryError("fields must be all or brief", field="fields")
    as_json = log_json if fields == "all" else brief_log
    rows = LogRow.objects.all()
    if not (search.flag(request.GET, "probes") or any(map(request.GET.get, _OF_ONE_REQUEST))):
        rows = logs_without_probes(rows)
    columns = {
        "requestId": "request_id",
        "orderId": "order_id",
        "service": "service",
    }
    for parameter, column in columns.items():
        if value := request.GET.get(parameter, "").strip():
            rows = rows.filter(**{column: key_text(value)})
    trace_id = request.GET.get("traceId", "").strip().lower()
    if trace_id:
        rows = rows.filter(of_trace(trace_id))
    if level := request.GET.get("level"):
        rows = rows.filter(level__in=spellings(level))
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(queries.matching_text(text))
    limit = search.limit_of(request.GET, default=200, highest=_MAX_LOGS)
    page, cursor = queries.logs_page(rows, before=_seq(request), limit=limit)
    found = joined(page, trace_id) if trace_id else page
    probes = sorted(probes_among({log.trace_id for log in found if log.trace_id}))
    return _answer({"logs": [as_json(log) for log in found], "next": cursor, "probes": probes})


@require_GET
def telemetry(_request: HttpRequest) -> HttpResponse:
    """``GET /api/telemetry``: the gauge."""
    return _answer(stats())


@require_POST
def import_records(request: HttpRequest) -> HttpResponse:
    """``POST /api/import``: a file of OTLP JSON or Jaeger JSON.

    What can be kept of it is stored together; what can't is counted as ``refused``, with the first
    reasons. A file of which nothing can be kept is a 400.
    """
    try:
        imported = exchange.parse_import(request.body)
        spans, records = imported.spans, imported.logs
        problems = [
            *imported.problems,
            *WRITER.submit(spans, records, imported=True).result(_STORE_SECONDS),
        ]
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
            "refused": len(problems),
            "problems": problems[:_MAX_PROBLEMS],
        },
        status=201,
    )


def _seq(request: HttpRequest) -> int | None:
    text = request.GET.get("cursor", "")
    if not text:
        return None
    seq = whole_number(text, highest=2**63 - 1)
    if seq is None:
        raise BadQueryError("cursor is not one of this list's", field="cursor")
    return seq


def _file(
    file_format: str, spans: Sequence[Span], logs: Sequence[LogRecord], *, name: str
) -> HttpResponse:
    make = exchange.export_otlp if file_format == "otlp" else exchange.export_jaeger
    # orjson takes no integer that is wider than 64 bits.
    response = HttpResponse(json.dumps(make(spans, logs)), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{file_format}.json"'
    return response


def _not_found() -> HttpResponse:
    return _answer({"error": "not found"}, status=404)


def _answer(data: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(orjson.dumps(data), content_type="application/json", status=status)
