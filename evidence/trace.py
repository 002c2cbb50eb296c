"""The records of one trace, indexed; reported data is distrusted, so every walk is bounded."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING, TypeAlias

from telemetry.records import AttributeValue, LogRecord, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Record: TypeAlias = Span | LogRecord

NANOS_PER_MS = 1_000_000


class Trace:
    """Spans and logs of one trace: each span once, in order of time, with parents and children.

    Parents may be missing, late, duplicated or circular: no walk visits a span twice.
    """

    def __init__(self, spans: Iterable[Span], logs: Iterable[LogRecord]) -> None:
        by_id: dict[str, Span] = {}
        for span in spans:
            known = by_id.get(span.span_id)
            # A span that is reported again, ended, says more than the one that was open.
            if known is None or known.state == "open":
                by_id[span.span_id] = span
        self.spans = tuple(
            sorted(by_id.values(), key=lambda span: (span.start_time_unix_nano, span.seq))
        )
        self.logs = tuple(sorted(logs, key=lambda log: (moment(log), log.seq)))
        self._by_id = by_id
        self._children: dict[str, list[Span]] = defaultdict(list)
        for span in self.spans:
            if span.parent_span_id and span.parent_span_id != span.span_id:
                self._children[span.parent_span_id].append(span)
        self._logs_of: dict[str, list[LogRecord]] = defaultdict(list)
        for log in self.logs:
            if log.span_id:
                self._logs_of[log.span_id].append(log)

    def __bool__(self) -> bool:
        return bool(self.spans or self.logs)

    @property
    def records(self) -> tuple[Record, ...]:
        """The logs, then the spans, each in order of time."""
        return (*self.logs, *self.spans)

    def span(self, span_id: str) -> Span | None:
        """The span with this id, if it is among the records."""
        return self._by_id.get(span_id)

    def parent(self, span: Span) -> Span | None:
        """The span's parent, if it is among the records."""
        return self._by_id.get(span.parent_span_id)

    def children(self, span: Span) -> list[Span]:
        """The spans that name this one as their parent, in order of time."""
        return self._children.get(span.span_id, [])

    def ancestors(self, span: Span) -> Iterator[Span]:
        """Yield parent, grandparent and so on, until one is missing or comes round again."""
        seen = {span.span_id}
        above = self.parent(span)
        while above is not None and above.span_id not in seen:
            seen.add(above.span_id)
            yield above
            above = self.parent(above)

    def descendants(self, span: Span) -> Iterator[Span]:
        """Yield all spans below this one, each once."""
        seen = {span.span_id}
        waiting = deque(self.children(span))
        while waiting:
            below = waiting.popleft()
            if below.span_id not in seen:
                seen.add(below.span_id)
                yield below
                waiting += self.children(below)

    def logs_of(self, span: Span) -> list[LogRecord]:
        """The logs written within this very span, in order of time."""
        return self._logs_of.get(span.span_id, [])

    def named(self, name: str) -> list[Span]:
        """The spans of this name, in order of time."""
        return [span for span in self.spans if span.name == name]

    def said(self, *messages: str) -> list[LogRecord]:
        """The logs whose message is one of these, in order of time."""
        return [log for log in self.logs if message(log) in messages]


def service(record: Record) -> str:
    """The service that made a record."""
    return record.resource.service_name


def moment(record: Record) -> int:
    """When a record begins, in Unix nanoseconds."""
    if isinstance(record, Span):
        return record.start_time_unix_nano
    return record.time_unix_nano or record.observed_time_unix_nano


def message(log: LogRecord) -> str:
    """A log's message as text."""
    return log.body if isinstance(log.body, str) else ""


def attribute(record: Record, *keys: str) -> AttributeValue:
    """The first of these attributes that a record carries with a value."""
    for key in keys:
        value = record.attributes.get(key)
        if value is not None and value != "":
            return value
    return None


def text(record: Record, *keys: str) -> str:
    """The first of these attributes as text; empty where there is none."""
    value = attribute(record, *keys)
    return "" if value is None else str(value)


def number(record: Record, *keys: str) -> int | None:
    """The first of these attributes as a whole number, if it is one."""
    value = attribute(record, *keys)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return round(float(value))
    except (ValueError, OverflowError):
        return None


def ended(span: Span) -> bool:
    """Whether a span is known to have ended."""
    return span.end_time_unix_nano > 0


def duration_ms(span: Span) -> int | None:
    """A span's duration in milliseconds; None while it has no end."""
    if not ended(span):
        return None
    return max(0, round((span.end_time_unix_nano - span.start_time_unix_nano) / NANOS_PER_MS))
