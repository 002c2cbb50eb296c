"""What a trace's records prove, over HTTP."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from evidence.clocks import moved_logs, moved_spans
from evidence.perspective import PERSPECTIVES
from evidence.report import evidence_of
from evidence.windows import known_windows
from telemetry.queries import trace_records

if TYPE_CHECKING:
    from django.http import HttpRequest

_TRACE_ID = re.compile(r"[0-9a-f]{32}")
_CLOCK = re.compile(r"(.{1,200}):(-?\d{1,18})(?:\.\d{1,18})?", re.DOTALL)
_MOST_RECORDS = 20_000
"""Spans read of one trace, and logs likewise; a diagnosis says when there were more."""


@require_GET
def evidence(request: HttpRequest, trace_id: str) -> JsonResponse:
    """``GET /api/traces/{traceId}/evidence?perspective=all|api|worker``.

    ``clock=service:nanoseconds`` moves a service's clock in what is read here, and nowhere else.
    """
    wanted = request.GET.get("perspective", "all")
    perspective = next((known for known in PERSPECTIVES if known == wanted), None)
    if perspective is None:
        said = _("perspective must be one of %(known)s") % {"known": ", ".join(PERSPECTIVES)}
        return JsonResponse({"error": said, "field": "perspective"}, status=400)
    trace_id = trace_id.lower()
    if not _TRACE_ID.fullmatch(trace_id):
        said = _("a trace id has 32 hexadecimal digits")
        return JsonResponse({"error": said, "field": "traceId"}, status=400)
    clocks = [_CLOCK.fullmatch(text) for text in request.GET.getlist("clock")]
    offsets = {found[1]: int(found[2]) for found in clocks if found is not None}
    if len(offsets) != len(clocks):
        said = _("clock must be service:nanoseconds, once for a service")
        return JsonResponse({"error": said, "field": "clock"}, status=400)
    spans, logs, truncated = trace_records(trace_id, limit=_MOST_RECORDS)
    if not spans and not logs:
        return JsonResponse({"error": _("no record of this trace is stored")}, status=404)
    if offsets:
        spans, logs = moved_spans(spans, offsets), moved_logs(logs, offsets)
    return JsonResponse(
        evidence_of(
            spans,
            logs,
            trace_id=trace_id,
            perspective=perspective,
            truncated=truncated,
            windows=known_windows(spans),
        )
    )
