"""The records of one trace, indexed; reported data is distrusted, so every walk is bounded."""

from __future__ import annotations

from collections import defaultdict, deque
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from telemetry.records import AttributeValue, LogRecord, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Record: TypeAlias = Span | LogRecord
Key: TypeAlias = tuple[str, str, str]
"""Span id, service and kind: in some meshes a call's two sides share one span id."""

NANOS_PER_MS = 1_000_000

# Spans of one id that are looked at for a parent: two make sense, more may be reported.
_MOST_SHARING = 16


class Trace:
    """Spans and logs of one trace: each span once, in order of time, with parents and children.

    Parents may be missing, late, duplicated or circular: no walk visits a span twice.
    """

    def __init__(
        self, spans: Iterable[Span], logs: Iterable[LogRecord], elsewhere: Iterable[Span] = ()
    ) -> None:
        self.elsewhere = tuple(elsewhere)
        """Spans of other traces, at the other end of a link."""
        known: dict[Key, Span] = {}
        for span in spans:
            before = known.get(key_of(span))
            # A span that is reported again, ended, replaces the one that was open.
            if before is None or before.state == "open":
                known[key_of(span)] = span
        self.spans = tuple(sorted(known.values(), key=lambda span: (moment(span), span.seq)))
        in_order = sorted(logs, key=lambda log: (moment(log), log.seq))
        self.logs = tuple(log for log in in_order if not log.is_of_a_link)
        self.journal = tuple(log for log in in_order if log.is_of_a_link)
        """What the links have on record of it, which is no side's."""
        self._by_id: dict[str, list[Span]] = defaultdict(list)
        for span in self.spans:
            if len(self._by_id[span.span_id]) < _MOST_SHARING:
                self._by_id[span.span_id].append(span)
        self._parents = {id(span): self._find_parent(span) for span in self.spans}
        self._children: dict[int, list[Span]] = defaultdict(list)
        for span in self.spans:
            parent = self._parents[id(span)]
            if parent is not None:
                self._children[id(parent)].append(span)
        self._logs_of: dict[Key, list[LogRecord]] = defaultdict(list)
        for log in self.logs:
            of = self.span(log.span_id, service=service(log)) if log.span_id else None
            if of is not None:
                self._logs_of[key_of(of)].append(log)

    def __bool__(self) -> bool:
        return bool(self.spans or self.logs)

    @property
    def records(self) -> tuple[Record, ...]:
        """The logs, then the spans, each in order of time."""
        return (*self.logs, *self.spans)

    @property
    def shared(self) -> list[list[Span]]:
        """The spans that have one span id with others, together."""
        return [spans for known, spans in self._by_id.items() if known and len(spans) > 1]

    def span(self, span_id: str, *, service: str = "") -> Span | None:
        """The span with this id, if it is among the records; of several, that of ``service``."""
        found = self._by_id.get(span_id, [])
        own = (span for span in found if span.resource.service_name == service)
        return next(chain(own, found), None)

    def parent(self, span: Span) -> Span | None:
        """The parent of one of the records, if it is among them.

        Where both sides of a call share one span id, the callee's stands below the caller's, and
        what names that id as its parent below the one of its own service.
        """
        return self._parents[id(span)]

    def _find_parent(self, span: Span) -> Span | None:
        others = [each for each in self._by_id.get(span.span_id, ()) if each is not span]
        callers = [each for each in others if each.kind in ("CLIENT", "PRODUCER")]
        if callers and span.kind in ("SERVER", "CONSUMER"):
            return callers[0]
        named = self._by_id.get(span.parent_span_id, ())
        found = [each for each in named if each.span_id != span.span_id]
        own = [each for each in found if service(each) == service(span)]
        return next(chain(own, found), None)

    def children(self, span: Span) -> list[Span]:
        """The spans that name this one as their parent, in order of time."""
        return self._children.get(id(span), [])

    def ancestors(self, span: Span) -> Iterator[Span]:
        """Yield parent, grandparent and so on, until one is missing or comes round again."""
        seen = {id(span)}
        above = self.parent(span)
        while above is not None and id(above) not in seen:
            seen.add(id(above))
            yield above
            above = self.parent(above)

    def descendants(self, span: Span) -> Iterator[Span]:
        """Yield all spans below this one, each once."""
        seen = {id(span)}
        waiting = deque(self.children(span))
        while waiting:
            below = waiting.popleft()
            if id(below) not in seen:
                seen.add(id(below))
                yield below
                waiting += self.children(below)

    def logs_of(self, span: Span) -> list[LogRecord]:
        """The logs written within this very span, in order of time."""
        return self._logs_of.get(key_of(span), [])

    def named(self, name: str) -> list[Span]:
        """The spans of this name, in order of time."""
        return [span for span in self.spans if span.name == name]

    def logs_with_message(self, message: str) -> list[LogRecord]:
        """The logs of this message, in order of time."""
        return [log for log in self.logs if log_message(log) == message]

    def first_text(self, *keys: str) -> str:
        """The first value of one of these attributes among all records; empty without any."""
        return next((value for record in self.records if (value := text(record, *keys))), "")


def key_of(span: Span) -> Key:
    """What identifies a span within its trace."""
    return span.span_id, span.resource.service_name, span.kind


def service(record: Record) -> str:
    """The service that made a record."""
    return record.resource.service_name


def moment(record: Record) -> int:
    """When a record begins, in Unix nanoseconds; of a span whose start is unknown, its end."""
    if isinstance(record, Span):
        return record.start_time_unix_nano or record.end_time_unix_nano
    return record.time_unix_nano or record.observed_time_unix_nano


def log_message(log: LogRecord) -> str:
    """A log's body, where it is text; else empty."""
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
    """A span's duration in milliseconds; None without a start or an end."""
    if not ended(span) or not span.start_time_unix_nano:
        return None
    return max(0, round((span.end_time_unix_nano - span.start_time_unix_nano) / NANOS_PER_MS))
