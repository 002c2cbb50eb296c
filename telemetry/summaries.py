"""What a batch of records adds to the list of traces: pure sums over records."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from telemetry.rows import error_kind_of, message_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telemetry.records import LogRecord, Span

_STATUS_BY_MESSAGE = {
    "order accepted (pending)": "PENDING",
    "order confirmed": "CONFIRMED",
    "order rejected (sold out)": "REJECTED",
    "order cancelled (not confirmed in time)": "CANCELLED",
}


@dataclass(slots=True)
class TraceDelta:
    """What is to be added to one trace's row."""

    name: str = ""
    has_root: bool = False
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
    services: dict[tuple[str, str], list[int]] = field(
        default_factory=lambda: defaultdict(lambda: [0, 0])
    )

    def row(self, trace_id: str) -> tuple[Any, ...]:
        """Return the parameters of `telemetry.statements.UPSERT_TRACE`."""
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
        )


def deltas(
    spans: Iterable[tuple[int, Span, int]], logs: Iterable[tuple[int, LogRecord]]
) -> dict[str, TraceDelta]:
    """Sum up what was stored: ``(seq, span, its revision)`` and ``(seq, log)``."""
    found: dict[str, TraceDelta] = defaultdict(TraceDelta)
    for seq, span, revision in spans:
        _add_span(found[span.trace_id], seq, span, revision=revision)
    for seq, log in logs:
        if log.trace_id:
            _add_log(found[log.trace_id], seq, log)
    return found


def _add_span(delta: TraceDelta, seq: int, span: Span, *, revision: int) -> None:
    start, end = span.start_time_unix_nano, span.end_time_unix_nano
    is_root = not span.parent_span_id
    if not delta.name or (is_root, -start) > (delta.has_root, -delta.named_at):
        delta.name, delta.named_at = span.name.replace("\x00", "\ufffd"), start
    delta.has_root = delta.has_root or is_root
    delta.last_seq = max(delta.last_seq, seq)
    delta.start_ns = min(delta.start_ns or start, start)
    delta.end_ns = max(delta.end_ns, end, start)
    _add_ids(delta, span.attributes.get("request.id"), span.attributes.get("order.id"))
    new, error = int(revision == 0), int(span.status_code == "ERROR")
    counts = delta.services[span.resource.service_name, error_kind_of(span)]
    counts[0] += new
    counts[1] += error
    delta.span_count += new
    delta.error_count += error
    if span.state == "open":
        delta.open_count += 1
    elif revision == 1:
        delta.open_count -= 1


def _add_log(delta: TraceDelta, seq: int, log: LogRecord) -> None:
    delta.last_seq = max(delta.last_seq, seq)
    delta.start_ns = delta.start_ns or log.time_unix_nano
    delta.end_ns = max(delta.end_ns, log.time_unix_nano)
    _add_ids(delta, log.attributes.get("requestId"), log.attributes.get("orderId"))
    status = _STATUS_BY_MESSAGE.get(message_of(log))
    if status and delta.order_status in ("", "PENDING"):
        delta.order_status = status


def _add_ids(delta: TraceDelta, request_id: object, order_id: object) -> None:
    if not delta.request_id and isinstance(request_id, str):
        delta.request_id = request_id
    if not delta.order_id and isinstance(order_id, str):
        delta.order_id = order_id
