"""Links between spans, from both ends: where those of a span lead, and which spans link to it."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Exists, OuterRef, Q

from telemetry.models import LinkRow, SpanRow
from telemetry.reading.queries import spans_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from telemetry.records import Span, SpanLink

MOST_LINKS = 200
"""Links of one span whose ends are looked up, and as many that lead to it."""
_A_QUERY = 50
_COLUMNS = ("trace_id", "span_id", "service", "kind", "name", "start_ns", "end_ns")


class LinkEnd(NamedTuple):
    """The span at the other end of a link."""

    trace_id: str
    span_id: str
    service: str
    kind: str
    name: str
    start_ns: int
    end_ns: int


def targets(links: Sequence[SpanLink]) -> dict[tuple[str, str], LinkEnd]:
    """Find the spans that ``links`` lead to, as far as they are stored."""
    found: dict[tuple[str, str], LinkEnd] = {}
    for begin in range(0, min(len(links), MOST_LINKS), _A_QUERY):
        either = Q()
        for link in links[begin : begin + _A_QUERY]:
            either |= Q(trace_id=link.trace_id, span_id=link.span_id)
        for row in _ends(either):
            found.setdefault((row.trace_id, row.span_id), row)
    return found


def linking_to(span: Span) -> tuple[list[LinkEnd], int]:
    """Find the spans that link to ``span``, the newest first, and count those that are left out."""
    to_it = LinkRow.objects.filter(to_trace_id=span.trace_id, to_span_id=span.span_id)
    source = to_it.filter(
        trace_id=OuterRef("trace_id"),
        span_id=OuterRef("span_id"),
        service=OuterRef("service"),
        kind=OuterRef("kind"),
    )
    ids = to_it.order_by("-id").values_list("trace_id", "span_id")[:MOST_LINKS]
    found: list[LinkEnd] = []
    sources = list(dict.fromkeys(ids))
    for begin in range(0, len(sources), _A_QUERY):
        either = Q()
        for trace_id, span_id in sources[begin : begin + _A_QUERY]:
            either |= Q(trace_id=trace_id, span_id=span_id)
        found += _ends(either & Q(Exists(source)))
    found.sort(key=lambda end: end.start_ns, reverse=True)
    return found, max(0, to_it.count() - len(found))


def spans_elsewhere(trace_id: str, spans: Iterable[Span]) -> list[Span]:
    """Read the spans of other traces that link to a trace, or that its ``spans`` link to."""
    to_it = LinkRow.objects.filter(to_trace_id=trace_id).exclude(trace_id=trace_id)
    sources = to_it.order_by("id").values_list("trace_id", "span_id")[:MOST_LINKS]
    found = [
        (link.trace_id, link.span_id)
        for link in chain.from_iterable(span.links for span in spans if span.links)
        if link.trace_id != trace_id
    ]
    ends = list(dict.fromkeys([*sources, *found[:MOST_LINKS]]))
    rows: list[SpanRow] = []
    for begin in range(0, len(ends), _A_QUERY):
        either = Q()
        for other_trace_id, span_id in ends[begin : begin + _A_QUERY]:
            either |= Q(trace_id=other_trace_id, span_id=span_id)
        rows += SpanRow.objects.filter(either).order_by("seq")
    return spans_of(rows)


def _ends(either: Q) -> list[LinkEnd]:
    rows = SpanRow.objects.filter(either).order_by("seq")
    return [LinkEnd(*row) for row in rows.values_list(*_COLUMNS)]
