"""Inserting batches in one transaction: records, summaries of traces, resources and scopes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connections, transaction
from django.db.models import Max

from telemetry.models import Interned
from telemetry.store import statements
from telemetry.store.colours import Colours
from telemetry.store.retention import last_seq
from telemetry.store.rows import link_rows, log_row, span_row
from telemetry.store.sources import Sources
from telemetry.store.summaries import deltas

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from telemetry.records import LogRecord, Span
    from telemetry.store.batches import Batch

_INTERNED_CACHE = 4_096


@dataclass(frozen=True, slots=True)
class Stored:
    """What one transaction has stored, with its ``seq``; the last one is the feed's cursor."""

    spans: Sequence[tuple[int, Span]]
    logs: Sequence[tuple[int, LogRecord]]
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
        spans: list[tuple[int, Span]] = []
        logs: list[tuple[int, LogRecord]] = []
        imported: set[int] = set()
        for batch in batches:
            if batch.imported:
                imported.update(range(seq, seq + batch.size))
            for span in batch.spans:
                spans.append((seq, span))
                seq += 1
            for record in batch.logs:
                logs.append((seq, record))
                seq += 1
        with transaction.atomic(using=self.alias):
            stored = self._insert(spans, logs, first=first, last=seq - 1, imported=imported)
        self._next_seq = seq
        return stored

    def _insert(
        self,
        spans: Sequence[tuple[int, Span]],
        logs: Sequence[tuple[int, LogRecord]],
        *,
        first: int,
        last: int,
        imported: Container[int],
    ) -> Stored:
        sources = Sources(self)
        with connections[self.alias].cursor() as cursor:
            revisions: dict[int, int] = {}
            kept: set[int] = set()
            if spans:
                rows = [span_row(span, seq=seq, sources=sources) for seq, span in spans]
                cursor.executemany(statements.INSERT_SPAN, rows)
                cursor.execute(statements.STORED_SPANS, [first, last])
                revisions = dict(cursor.fetchall())
            if logs:
                rows = [
                    log_row(record, seq=seq, sources=sources, imported=seq in imported)
                    for seq, record in logs
                ]
                cursor.executemany(statements.INSERT_LOG, rows)
                cursor.execute(statements.STORED_LOGS, [first, last])
                kept = {seq for (seq,) in cursor.fetchall()}
            new_spans = [(seq, span) for seq, span in spans if seq in revisions]
            new_logs = [(seq, record) for seq, record in logs if seq in kept]
            links = [row for _seq, span in new_spans if span.links for row in link_rows(span)]
            cursor.executemany(statements.INSERT_LINK, links)
            added = deltas(
                ((seq, span, revisions[seq]) for seq, span in new_spans),
                new_logs,
                imported=imported,
            )
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
        return Stored(new_spans, new_logs, cursor=last)

    def number_of(self, data: str) -> int:
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
