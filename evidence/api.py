"""What a trace's records prove, over HTTP."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from evidence.errors import BadParameterError, NoRecordError, RefusedError
from evidence.evaluation import evidence_of
from evidence.explanation import perspectives_of
from evidence.model.clocks import moved_logs, moved_spans
from evidence.model.trace import Trace
from evidence.windows import known_windows
from telemetry.reading.linking import spans_elsewhere
from telemetry.reading.queries import trace_records

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict

    from evidence.model.perspective import Perspective
    from evidence.wire import EvidenceJson
    from telemetry.records import LogRecord, Span

_TRACE_ID = re.compile(r"[0-9a-f]{32}")
_MOMENT = re.compile(r"[0-9]{1,19}")
_CLOCK = re.compile(r"(.{1,200}):(-?\d{1,18})(?:\.\d{1,18})?", re.DOTALL)
_MOST_RECORDS = 20_000
"""Spans read of one trace, and logs likewise; a diagnosis notes when there were more."""


@require_GET
def evidence(request: HttpRequest, trace_id: str) -> JsonResponse:
    """``GET /api/traces/{traceId}/evidence?perspective=``: ``all``, or the name of a service in it.

    ``clock=service:nanoseconds`` moves a service's clock in what is read here, and nowhere else.
    ``at``, in Unix nanoseconds, asks what could be known at that moment.
    """
    try:
        return JsonResponse(_evidence(request.GET, trace_id.lower()))
    except RefusedError as error:
        field = {"field": error.field} if error.field else {}
        return JsonResponse({"error": str(error), **field}, status=error.http_status)


def _evidence(query: QueryDict, trace_id: str) -> EvidenceJson:
    if not _TRACE_ID.fullmatch(trace_id):
        raise BadParameterError(_("a trace id has 32 hexadecimal digits"), field="traceId")
    offsets = _clock_offsets(query.getlist("clock"))
    at = _moment(query.get("at", ""))
    spans, logs, truncated = trace_records(trace_id, limit=_MOST_RECORDS)
    if not spans and not logs:
        raise NoRecordError(_("no record of this trace is stored"))
    perspective = _perspective(query.get("perspective", "all"), spans, logs)
    if offsets:
        spans, logs = moved_spans(spans, offsets), moved_logs(logs, offsets)
    return evidence_of(
        spans,
        logs,
        trace_id=trace_id,
        perspective=perspective,
        truncated=truncated,
        windows=known_windows(spans),
        elsewhere=spans_elsewhere(trace_id, spans),
        at=at,
    )


def _perspective(text: str, spans: list[Span], logs: list[LogRecord]) -> Perspective:
    if text == "all":
        return text
    known = perspectives_of(Trace(spans, logs))
    if text not in known:
        message = _("perspective must be one of %(known)s") % {"known": ", ".join(known)}
        raise BadParameterError(message, field="perspective")
    return text


def _moment(text: str) -> int | None:
    if text and not _MOMENT.fullmatch(text):
        raise BadParameterError(_("at must be a moment in Unix nanoseconds"), field="at")
    return int(text) if text else None


def _clock_offsets(texts: list[str]) -> dict[str, int]:
    """Nanoseconds by service."""
    clocks = [_CLOCK.fullmatch(text) for text in texts]
    offsets = {found[1]: int(found[2]) for found in clocks if found is not None}
    if len(offsets) != len(clocks):
        message = _("clock must be service:nanoseconds, once for a service")
        raise BadParameterError(message, field="clock")
    return offsets
