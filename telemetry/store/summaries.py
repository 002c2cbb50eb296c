"""What a batch of records adds to the list of traces: pure sums over records."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings

from telemetry.conventions.errors import has_failed
from telemetry.conventions.names import target
from telemetry.records import key_text
from telemetry.store.rows import error_kind_of, message_of, storable_text

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from telemetry.records import LogRecord, Span


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
    spans: Iterable[tuple[int, Span, int]],
    logs: Iterable[tuple[int, LogRecord]],
    *,
    imported: Container[int] = (),
) -> dict[str, TraceDelta]:
    """Sum up what was stored: ``(seq, span, its revision)`` and ``(seq, log)``.

    ``imported`` has the ``seq`` of each record that a person has imported.
    """
    found: dict[str, TraceDelta] = defaultdict(TraceDelta)
    for seq, span, revision in spans:
        delta = found[span.trace_id]
        _add_span(delta, seq, span, revision=revision)
        delta.imported |= seq in imported
    for seq, log in logs:
        if log.trace_id:
            delta = found[log.trace_id]
            _add_log(delta, seq, log)
            delta.imported |= seq in imported
    return found


def _add_span(delta: TraceDelta, seq: int, span: Span, *, revision: int) -> None:
    start, end = span.start_time_unix_nano, span.end_time_unix_nano
    is_root = not span.parent_span_id
    delta.has_spans = True
    if not delta.name or (is_root, -start) > (delta.has_root, -delta.named_at):
        asked = target(span)
        delta.name = storable_text(f"{span.name} {asked}" if asked else span.name)
        delta.named_at = start
    delta.has_root = delta.has_root or is_root
    delta.last_seq = max(delta.last_seq, seq)
    # A start of 0 is unknown: the end alone has a time then.
    began = start or end
    delta.start_ns = min(delta.start_ns or began, began or delta.start_ns)
    delta.end_ns = max(delta.end_ns, end, start)
    _add_ids(delta, span.attributes.get("request.id"), span.attributes.get("order.id"))
    new, error = int(revision == 0), int(has_failed(span))
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
    if not log.is_of_a_link:
        # Listed though it may have no span.
        delta.services[log.resource.service_name, ""]
    if not delta.has_spans:
        at = log.time_unix_nano or log.observed_time_unix_nano
        delta.start_ns = min(delta.start_ns or at, at or delta.start_ns)
        delta.end_ns = max(delta.end_ns, at)
    _add_ids(delta, log.attributes.get("requestId"), log.attributes.get("orderId"))
    # A line of another system may sound alike: those of orders name their request.
    is_ours = "requestId" in log.attributes
    status = settings.TELEMETRY_STATUS_BY_MESSAGE.get(message_of(log)) if is_ours else None
    if status and delta.order_status in ("", "PENDING"):
        delta.order_status = status


def _add_ids(delta: TraceDelta, request_id: object, order_id: object) -> None:
    delta.request_id = delta.request_id or key_text(request_id)
    delta.order_id = delta.order_id or key_text(order_id)
