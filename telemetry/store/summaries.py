"""What a batch of records adds to the list of traces: pure sums over records."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from telemetry.store.entries import LogEntry, SpanEntry


@dataclass(slots=True)
class TraceDelta:
    """What is to be added to one trace's row."""

    name: str = ""
    has_root: bool = False
    has_spans: bool = False
    named_at: int = 0
    request_id: str = ""
    order_id: str = ""
    start_ns: int = 0
    end_ns: int = 0
    span_count: int = 0
    error_count: int = 0
    open_count: int = 0
    order_status: str = ""
    last_seq: int = 0
    imported: bool = False
    services: dict[tuple[str, str], list[int]] = field(
        default_factory=lambda: defaultdict(lambda: [0, 0])
    )

    def lasts(self, start: int, end: int) -> None:
        """Make it last from ``start``, 0 for unknown, to ``end``."""
        if start and (start < self.start_ns or not self.start_ns):
            self.start_ns = start
        if end > self.end_ns:
            self.end_ns = end

    def row(self, trace_id: str) -> tuple[Any, ...]:
        """Return the parameters of `telemetry.store.statements.UPSERT_TRACE`."""
        return (
            trace_id,
            self.name,
            self.has_root,
            self.request_id,
            self.order_id,
            self.start_ns,
            self.end_ns,
            self.span_count,
            self.error_count,
            self.open_count,
            self.order_status,
            self.last_seq,
            self.imported,
        )


def deltas(
    spans: Iterable[tuple[int, SpanEntry, int]],
    logs: Iterable[tuple[int, LogEntry]],
    *,
    imported: Container[int] = (),
) -> dict[str, TraceDelta]:
    """Sum up what was stored: ``(seq, span, its revision)`` and ``(seq, log)``.

    ``imported`` has the ``seq`` of each record that a person has imported.
    """
    found: dict[str, TraceDelta] = defaultdict(TraceDelta)
    for seq, span, revision in spans:
        delta = found[span[2][0]]
        _add_span(delta, seq, span, revision=revision)
        delta.imported |= seq in imported
    statuses: Mapping[str, str] = settings.TELEMETRY_STATUS_BY_MESSAGE
    for seq, log in logs:
        trace_id = log[2][7]
        if trace_id:
            delta = found[trace_id]
            _add_log(delta, seq, log, statuses)
            delta.imported |= seq in imported
    return found


def _add_span(delta: TraceDelta, seq: int, span: SpanEntry, *, revision: int) -> None:
    _, _, row, name, failed, _ = span
    _, _, parent, _, _, service, _, start, end, _, state, _, request_id, order_id, kind, _ = row
    is_root = not parent
    delta.has_spans = True
    if not delta.name or (start < delta.named_at if is_root == delta.has_root else is_root):
        delta.name, delta.named_at = name, start
    if is_root:
        delta.has_root = True
    if seq > delta.last_seq:
        delta.last_seq = seq
    # A start of 0 is unknown: the end alone has a time then.
    delta.lasts(start or end, end if end > start else start)
    if not delta.request_id:
        delta.request_id = request_id
    if not delta.order_id:
        delta.order_id = order_id
    counts = delta.services[service, kind]
    if not revision:
        counts[0] += 1
        delta.span_count += 1
    if failed:
        counts[1] += 1
        delta.error_count += 1
    if state == "open":
        delta.open_count += 1
    elif revision == 1:
        delta.open_count -= 1


def _add_log(delta: TraceDelta, seq: int, log: LogEntry, statuses: Mapping[str, str]) -> None:
    _, _, row, at, is_of_a_link, names_request = log
    _, _, service, _, _, _, message, _, _, request_id, order_id, _, _ = row
    delta.last_seq = max(delta.last_seq, seq)
    if not is_of_a_link:
        # Listed though it may have no span.
        delta.services[service, ""]
    if not delta.has_spans:
        delta.lasts(at, at)
    delta.request_id = delta.request_id or request_id
    delta.order_id = delta.order_id or order_id
    # A line of another system may sound alike: those of orders name their request.
    status = statuses.get(message) if names_request else None
    if status and delta.order_status in ("", "PENDING"):
        delta.order_status = status
