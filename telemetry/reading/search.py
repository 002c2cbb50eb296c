"""The filters of the list of traces: read from a query, turned into conditions."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from base.numbers import whole_number
from telemetry.models import LogRow, SpanRow, TraceRow, TraceService
from telemetry.reading.probes import without_probes
from telemetry.records import key_text
from telemetry.store.coding import dumps

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import QueryDict

MAX_LIMIT = 200
DEFAULT_LIMIT = 50
_HIGHEST_NS = 2**63 - 1


class BadQueryError(ValueError):
    """A parameter of a query is not what it should be; ``field`` names it."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class TraceFilter:
    """Which traces to list. Empty fields do not restrict."""

    request_id: str = ""
    order_id: str = ""
    service: str = ""
    status: str = ""
    error_kind: str = ""
    min_ms: float | None = None
    max_ms: float | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    text: str = ""
    of_orders: bool = False
    probes: bool = False
    since_ns: int | None = None
    until_ns: int | None = None
    limit: int = DEFAULT_LIMIT
    cursor: tuple[int, str] | None = field(default=None)


def read(query: QueryDict) -> TraceFilter:
    """Read a query string's filters.

    :raises BadQueryError: a parameter is not what it should be.
    """
    status = query.get("status", "")
    if status not in ("", "ok", "error"):
        raise BadQueryError("status must be ok or error", field="status")
    return TraceFilter(
        request_id=key_text(query.get("requestId")),
        order_id=key_text(query.get("orderId")),
        service=key_text(query.get("service")),
        status=status,
        error_kind=query.get("errorKind", ""),
        min_ms=_number(query, "minMs"),
        max_ms=_number(query, "maxMs"),
        attributes=tuple(_attribute(text) for text in query.getlist("attr")),
        text=query.get("q", "").strip(),
        of_orders=flag(query, "ofOrders"),
        probes=flag(query, "probes"),
        since_ns=_moment(query, "since"),
        until_ns=_moment(query, "until"),
        limit=limit_of(query),
        cursor=_cursor(query.get("cursor", "")),
    )


def find(trace_filter: TraceFilter) -> tuple[list[TraceRow], str | None]:
    """Return the newest traces that match ``trace_filter``, and the next page's cursor."""
    traces = matching(trace_filter)
    if trace_filter.cursor is not None:
        start_ns, trace_id = trace_filter.cursor
        traces = traces.filter(
            Q(start_ns__lt=start_ns) | Q(start_ns=start_ns, trace_id__lt=trace_id)
        )
    found = list(traces.order_by("-start_ns", "-trace_id")[: trace_filter.limit + 1])
    page = found[: trace_filter.limit]
    return page, cursor_of(page[-1]) if len(found) > trace_filter.limit else None


def cursor_of(row: TraceRow) -> str:
    """Make the cursor of the page that follows ``row``."""
    return base64.urlsafe_b64encode(f"{row.start_ns} {row.trace_id}".encode()).decode().rstrip("=")


def limit_of(query: QueryDict, *, default: int = DEFAULT_LIMIT, highest: int = MAX_LIMIT) -> int:
    """Read ``limit``.

    :raises BadQueryError: it is not a number from 1 to ``highest``.
    """
    text = query.get("limit")
    if text is None:
        return default
    limit = whole_number(text, lowest=1, highest=highest)
    if limit is None:
        raise BadQueryError(f"limit must be from 1 to {highest}", field="limit")
    return limit


def matching(trace_filter: TraceFilter) -> QuerySet[TraceRow]:
    """Select the traces that match ``trace_filter``, all of its pages."""
    traces = TraceRow.objects.all()
    for column, value in (
        ("request_id", trace_filter.request_id),
        ("order_id", trace_filter.order_id),
    ):
        if value:
            traces = traces.filter(**{column: value})
    if not (trace_filter.probes or trace_filter.request_id or trace_filter.order_id):
        traces = without_probes(traces)
    if trace_filter.of_orders:
        traces = traces.exclude(order_id="")
    if trace_filter.status:
        traces = traces.filter(
            **{"error_count__gt" if trace_filter.status == "error" else "error_count": 0}
        )
    if trace_filter.since_ns is not None:
        traces = traces.filter(start_ns__gte=trace_filter.since_ns)
    if trace_filter.until_ns is not None:
        traces = traces.filter(start_ns__lte=trace_filter.until_ns)
    if trace_filter.min_ms is not None:
        traces = traces.filter(end_ns__gte=F("start_ns") + int(trace_filter.min_ms * 1e6))
    if trace_filter.max_ms is not None:
        traces = traces.filter(end_ns__lte=F("start_ns") + int(trace_filter.max_ms * 1e6))
    return _by_content(traces, trace_filter)


def _by_content(traces: QuerySet[TraceRow], trace_filter: TraceFilter) -> QuerySet[TraceRow]:
    services = TraceService.objects.filter(trace_id=OuterRef("trace_id"))
    if trace_filter.service:
        traces = traces.filter(Exists(services.filter(service=trace_filter.service)))
    if trace_filter.error_kind:
        traces = traces.filter(Exists(services.filter(error_kind=trace_filter.error_kind)))
    spans = SpanRow.objects.filter(trace_id=OuterRef("trace_id"))
    logs = LogRow.objects.filter(trace_id=OuterRef("trace_id"))
    for key, value in trace_filter.attributes:
        match = _has_attribute(key, value)
        traces = traces.filter(Exists(spans.filter(match)) | Exists(logs.filter(match)))
    if trace_filter.text:
        text = trace_filter.text
        traces = traces.filter(
            Q(trace_id=text.lower())
            | Exists(spans.filter(Q(name__icontains=text) | Q(data__icontains=text)))
            | Exists(logs.filter(Q(msg__icontains=text) | Q(data__icontains=text)))
        )
    return traces


def _has_attribute(key: str, value: str) -> Q:
    """Select rows whose JSON has ``key`` with ``value``: a string, a number or a boolean."""
    name = dumps(key)
    match = Q(data__contains=f"{name}:{dumps(value)}")
    if value.replace(".", "", 1).lstrip("-").isdecimal() or value in ("true", "false"):
        for end in (",", "}"):
            match |= Q(data__contains=f"{name}:{value}{end}")
    return match


def _attribute(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not key.strip() or not sign:
        raise BadQueryError(_("attr must be key=value"), field="attr")
    return key.strip(), value.strip()


def flag(query: QueryDict, name: str) -> bool:
    """Read ``name``, which is 1, 0 or left out.

    :raises BadQueryError: it is anything else.
    """
    text = query.get(name, "")
    if text not in ("", "0", "1"):
        raise BadQueryError(f"{name} must be 0 or 1", field=name)
    return text == "1"


def _number(query: QueryDict, name: str) -> float | None:
    text = query.get(name, "")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value <= _HIGHEST_NS / 1e6:
        raise BadQueryError(
            _("%(name)s must be a number of milliseconds") % {"name": name}, field=name
        )
    return value


def _moment(query: QueryDict, name: str) -> int | None:
    text = query.get(name, "")
    if not text:
        return None
    nanoseconds = whole_number(text, highest=_HIGHEST_NS)
    if nanoseconds is not None:
        return nanoseconds
    try:
        moment = datetime.fromisoformat(text)
        # A time before 1970 or after 2262 is one beyond all records.
        return min(max(0, int(moment.timestamp() * 1e9)), _HIGHEST_NS)
    except (ValueError, OverflowError):
        raise BadQueryError(
            _("%(name)s must be an ISO 8601 time or Unix nanoseconds") % {"name": name}, field=name
        ) from None


def _cursor(text: str) -> tuple[int, str] | None:
    if not text:
        return None
    try:
        start_ns, _space, trace_id = (
            base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition(" ")
        )
        place = whole_number(start_ns, highest=_HIGHEST_NS)
    except (ValueError, binascii.Error):
        place = None
    if place is None:
        raise BadQueryError("cursor is not one of this list's", field="cursor")
    return place, trace_id
