"""Inserting batches in one transaction: records, summaries of traces, resources and scopes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connections, transaction
from django.db.models import Max

from telemetry.models import Interned
from telemetry.store import statements
from telemetry.store.colours import Colours
from telemetry.store.retention import last_seq
from telemetry.store.summaries import deltas

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Sequence

    from telemetry.store.batches import Batch
    from telemetry.store.entries import LogEntry, SpanEntry

_INTERNED_CACHE = 4_096


@dataclass(frozen=True, slots=True)
class Stored:
    """What one transaction has stored: the traces that it is of, and the last ``seq``."""

    trace_ids: Collection[str]
    cursor: int


class Insertion:
    """Inserts into the database ``alias``; for the one thread that writes to it."""

    def __init__(self, alias: str) -> None:
        self.alias = alias
        self._next_seq = 0
        self._interned: dict[str, int] = {}
        self._colours = Colours(alias)

    def forget(self) -> None:
        """Read anew from the database what a failed transaction may have made untrue."""
        self._next_seq = 0
        self._interned.clear()
        self._colours.forget()

    def store(self, batches: Sequence[Batch]) -> Stored:
        """Store ``batches`` in one transaction; return what is new of them.

        :raises django.db.Error: the database refuses something of them; nothing is stored.
        """
        if not self._next_seq:
            self._next_seq = last_seq() + 1
        first = self._next_seq
        seq = first
        spans: list[tuple[int, SpanEntry]] = []
        logs: list[tuple[int, LogEntry]] = []
        imported: set[int] = set()
        for batch in batches:
            if batch.imported:
                imported.update(range(seq, seq + batch.size))
            spans += enumerate(batch.spans, seq)
            seq += len(batch.spans)
            logs += enumerate(batch.logs, seq)
            seq += len(batch.logs)
        with transaction.atomic(using=self.alias):
            stored = self._insert(spans, logs, first=first, last=seq - 1, imported=imported)
        self._next_seq = seq
        return stored

    def _insert(
        self,
        spans: Sequence[tuple[int, SpanEntry]],
        logs: Sequence[tuple[int, LogEntry]],
        *,
        first: int,
        last: int,
        imported: Container[int],
    ) -> Stored:
        with connections[self.alias].cursor() as cursor:
            new_spans = self._insert_spans(cursor, spans, first=first, last=last)
            new_logs = self._insert_logs(cursor, logs, first=first, last=last, imported=imported)
            links = [row for _seq, (*_, links), _revision in new_spans for row in links]
            if links:
                cursor.executemany(statements.INSERT_LINK, links)
            added = deltas(new_spans, new_logs, imported=imported)
            self._colours.give(added)
            cursor.executemany(
                statements.UPSERT_TRACE, [delta.row(key) for key, delta in sorted(added.items())]
            )
            cursor.executemany(
                statements.UPSERT_SERVICE,
                [
                    (trace_id, *key, *counts)
                    for trace_id, delta in sorted(added.items())
                    for key, counts in sorted(delta.services.items())
                ],
            )
        return Stored(added.keys(), cursor=last)

    def _insert_spans(
        self, cursor: Any, spans: Sequence[tuple[int, SpanEntry]], *, first: int, last: int
    ) -> Sequence[tuple[int, SpanEntry, int]]:
        """Insert ``spans``; return those that are new or another now, with their revisions."""
        if not spans:
            return []
        numbers = self._numbers(entry for _seq, entry in spans)
        rows = [
            (seq, numbers[resource], numbers[scope], *row)
            for seq, (resource, scope, row, _, _, _) in spans
        ]
        cursor.executemany(statements.INSERT_SPAN, rows)
        cursor.execute(statements.COUNT_SPANS, [first, last])
        if cursor.fetchone() == (len(spans), 0):
            return [(seq, entry, 0) for seq, entry in spans]
        cursor.execute(statements.STORED_SPANS, [first, last])
        revisions = dict(cursor.fetchall())
        return [(seq, entry, revisions[seq]) for seq, entry in spans if seq in revisions]

    def _insert_logs(
        self,
        cursor: Any,
        logs: Sequence[tuple[int, LogEntry]],
        *,
        first: int,
        last: int,
        imported: Container[int],
    ) -> Sequence[tuple[int, LogEntry]]:
        """Insert ``logs``; return those that are new."""
        if not logs:
            return []
        numbers = self._numbers(entry for _seq, entry in logs)
        rows = [
            (seq, numbers[resource], numbers[scope], seq in imported, *row)
            for seq, (resource, scope, row, _, _, _) in logs
        ]
        cursor.executemany(statements.INSERT_LOG, rows)
        cursor.execute(statements.COUNT_LOGS, [first, last])
        if cursor.fetchone() == (len(logs),):
            return logs
        cursor.execute(statements.STORED_LOGS, [first, last])
        kept = {seq for (seq,) in cursor.fetchall()}
        return [(seq, entry) for seq, entry in logs if seq in kept]

    def _numbers(self, entries: Iterable[SpanEntry | LogEntry]) -> dict[str, int]:
        """Return the number of each resource and scope that ``entries`` name."""
        texts = {text for entry in entries for text in entry[:2]}
        return {text: self._number_of(text) for text in sorted(texts)}

    def _number_of(self, data: str) -> int:
        """Return the number under which a resource or a scope is kept, keeping it when new."""
        number = self._interned.get(data)
        if number is None:
            known = Interned.objects.using(self.alias).filter(data=data).first()
            if known is None:
                highest = Interned.objects.using(self.alias).aggregate(last=Max("id"))["last"]
                known = Interned.objects.using(self.alias).create(id=(highest or 0) + 1, data=data)
            number = known.id
            if len(self._interned) >= _INTERNED_CACHE:
                self._interned.clear()
            self._interned[data] = number
        return number
