"""Records made ready to be stored: plain tuples, by whoever decodes them.

The one thread that writes has little left to do then, and they may come from another process. A
resource and a scope are in them as texts, which the writer keeps once and names by a number.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

from telemetry.conventions.errors import has_failed
from telemetry.conventions.names import target
from telemetry.store.rows import Row, link_rows, log_row, span_row, storable_text
from telemetry.store.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from telemetry.records import LogRecord, Span

    R = TypeVar("R", Span, LogRecord)
    E = TypeVar("E")

log = logging.getLogger("telemetry")

SpanEntry: TypeAlias = tuple[str, str, Row, str, bool, list[Row]]
"""Resource, scope, row, the name that it gives its trace, whether it failed, rows of its links."""
LogEntry: TypeAlias = tuple[str, str, Row, int, bool, bool]
"""Resource, scope, row, when it was, whether of a link's journal, whether it names a request."""


class Entries(NamedTuple):
    """Records that are stored together; ``problems`` has the reasons why others can't be."""

    spans: list[SpanEntry]
    logs: list[LogEntry]
    problems: list[str]


NONE = Entries([], [], [])


def entries(spans: Iterable[Span] = (), logs: Iterable[LogRecord] = ()) -> Entries:
    """Make the entries of judged records."""
    sources = Sources()
    problems: list[str] = []
    return Entries(
        _each(spans, lambda span: span_entry(span, sources), problems),
        _each(logs, lambda record: log_entry(record, sources), problems),
        problems,
    )


def span_entry(span: Span, sources: Sources) -> SpanEntry:
    """Make the entry of ``span``."""
    resource, asked, failed = sources.resource(span.resource), target(span), has_failed(span)
    row = span_row(span, resource, failed=failed)
    return (
        resource.data,
        sources.scope(span.scope),
        row,
        storable_text(f"{span.name} {asked}" if asked else span.name),
        failed,
        link_rows(span) if span.links else [],
    )


def log_entry(record: LogRecord, sources: Sources) -> LogEntry:
    """Make the entry of ``record``."""
    resource = sources.resource(record.resource)
    return (
        resource.data,
        sources.scope(record.scope),
        log_row(record, resource),
        record.time_unix_nano or record.observed_time_unix_nano,
        record.is_of_a_link,
        "requestId" in record.attributes,
    )


def _each(records: Iterable[R], make: Callable[[R], E], problems: list[str]) -> list[E]:
    made: list[E] = []
    for record in records:
        try:
            made.append(make(record))
        except Exception as error:
            # A record comes this far only when it was judged storable: the judge does not know it.
            if not problems:
                log.exception("a record could not be stored")
            problems.append(unstorable(error))
    return made


def unstorable(error: Exception) -> str:
    """Say why a record can't be stored."""
    return f"it can't be stored: {error}"
