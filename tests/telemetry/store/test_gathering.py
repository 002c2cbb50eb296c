"""What several senders send at once is stored in one transaction, and a single click at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from telemetry import signals
from telemetry.records import Span
from telemetry.store import writer as module

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telemetry.store.insertion import Stored
    from telemetry.store.writer import Writer

pytestmark = pytest.mark.django_db(databases=["telemetry"], transaction=True)


def batch(trace: str, size: int) -> list[Span]:
    return [Span(trace * 32, f"{number + 1:016x}", "of a batch", 1, 2) for number in range(size)]


@pytest.fixture
def transactions() -> Iterator[list[set[str]]]:
    """The traces of each transaction."""
    seen: list[set[str]] = []

    def stored(stored: Stored, **_: object) -> None:
        seen.append(set(stored.trace_ids))

    signals.records_stored.connect(stored)
    yield seen
    signals.records_stored.disconnect(stored)


def test_many_records_after_a_lull_are_stored_with_those_that_come_next(
    writer: Writer, monkeypatch: pytest.MonkeyPatch, transactions: list[set[str]]
) -> None:
    monkeypatch.setattr(module, "_GATHER_SECONDS", 0.5)
    waiting = [writer.submit(batch(trace, 64), []) for trace in "ab"]
    assert [each.result(10) for each in waiting] == [[], []]
    assert transactions == [{"a" * 32, "b" * 32}]


def test_a_few_records_wait_for_nothing(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_GATHER_SECONDS", 60)
    assert writer.submit(batch("a", 63), []).result(10) == []


def test_a_flood_waits_for_nothing(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    writer.submit(batch("a", 1), []).result(10)
    monkeypatch.setattr(module, "_LULL_SECONDS", 60)
    monkeypatch.setattr(module, "_GATHER_SECONDS", 60)
    for trace in "bc":
        assert writer.submit(batch(trace, 500), []).result(10) == []
