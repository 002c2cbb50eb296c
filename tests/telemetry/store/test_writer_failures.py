"""Whatever becomes of one batch the writer goes on, and ``/readyz`` tells the truth meanwhile."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.db import OperationalError, connections
from django.test import Client

from telemetry import signals
from telemetry.errors import Unavailable
from telemetry.models import SpanRow
from telemetry.records import Resource, Span
from telemetry.store import entries, rows
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from django.conf import LazySettings

    from telemetry.store.entries import SpanEntry
    from telemetry.store.insertion import Stored
    from telemetry.store.writer import Writer

pytestmark = [
    pytest.mark.django_db(databases=["default", "worker", "telemetry"], transaction=True),
    pytest.mark.urls("labsite.http.urls_observer"),
]


def span(number: int) -> Span:
    return Span(
        trace_id="a" * 32,
        span_id=f"{number:016x}",
        name="GET /",
        start_time_unix_nano=1_000,
        end_time_unix_nano=5_000,
        resource=Resource({"service.name": "shop"}),
    )


def stored_ids() -> list[str]:
    return sorted(SpanRow.objects.values_list("span_id", flat=True))


def ready() -> dict[str, Any]:
    answer = Client(headers={"host": "localhost"}).get("/readyz")
    body: dict[str, Any] = answer.json()
    assert (answer.status_code == 200) == body["ok"]
    return body


def failing_loops(body: dict[str, Any]) -> list[str]:
    return [each["params"]["loop"] for each in body.get("problems", [])]


@pytest.fixture
def lock(settings: LazySettings) -> Iterator[Callable[[], Callable[[], None]]]:
    """Lock the telemetry's database as another process would; what is returned unlocks it."""
    described = connections.settings["telemetry"]
    options = dict(described["OPTIONS"])
    held: list[sqlite3.Connection] = []

    def hold() -> Callable[[], None]:
        held.append(sqlite3.connect(connections["telemetry"].settings_dict["NAME"]))
        held[-1].execute("BEGIN EXCLUSIVE")
        return held[-1].rollback

    # A test need not wait as long for a lock as the lab does.
    short = options["init_command"].replace("busy_timeout=20000", "busy_timeout=100")
    described["OPTIONS"] = {**options, "timeout": 0.1, "init_command": short}
    yield hold
    described["OPTIONS"] = options
    for each in held:
        each.close()


def test_a_locked_database_refuses_a_batch_and_the_next_sender_is_stored(
    writer: Writer, lock: Callable[[], Callable[[], None]]
) -> None:
    unlock = lock()
    with pytest.raises(Unavailable):
        writer.submit([span(1)], []).result(10)
    body = eventually(lambda: None if ready()["ok"] else ready())
    assert failing_loops(body) == ["telemetry-writer"]
    assert "locked" in body["problems"][0]["params"]["error"]
    unlock()
    writer.submit([span(2)], []).result(10)
    assert stored_ids() == [span(2).span_id]
    eventually(lambda: ready()["ok"])


def test_readyz_recovers_though_nobody_sends(
    writer: Writer, lock: Callable[[], Callable[[], None]]
) -> None:
    unlock = lock()
    with pytest.raises(Unavailable):
        writer.submit([span(1)], []).result(10)
    eventually(lambda: not ready()["ok"])
    # It stays so as long as nothing can be written, also when nobody sends.
    eventually(lambda: ready()["problems"][0]["params"]["failures"] > 2)
    unlock()
    eventually(lambda: ready()["ok"])


def test_a_sender_that_gives_up_harms_nobody(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    store = writer._insertion.store

    def slow_store(batches: Any) -> Stored:
        begun.set()
        assert go_on.wait(10)
        return store(batches)

    monkeypatch.setattr(writer._insertion, "store", slow_store)
    in_progress = writer.submit([span(1)], [])
    assert begun.wait(10)
    waiting = writer.submit([span(2)], [])
    assert waiting.cancel()
    assert not in_progress.cancel()
    go_on.set()
    in_progress.result(10)
    writer.submit([span(3)], []).result(10)
    assert stored_ids() == [span(1).span_id, span(3).span_id]
    assert writer._loop.health.errors == 0
    assert ready()["ok"]


def test_who_came_while_the_database_was_waited_for_is_refused_with_the_others(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def silent(_batches: Any) -> Stored:
        begun.set()
        assert go_on.wait(10)
        raise OperationalError("no answer")

    with monkeypatch.context() as patched:
        patched.setattr(writer._insertion, "store", silent)
        first = writer.submit([span(1)], [])
        assert begun.wait(10)
        second = writer.submit([span(2)], [])
        go_on.set()
        for each in (first, second):
            with pytest.raises(Unavailable):
                each.result(10)
        # By the one failure: the second was not tried as well.
        assert writer._loop.health.errors == 1
    writer.submit([span(3)], []).result(10)
    assert stored_ids() == [span(3).span_id]


def test_an_exception_in_the_middle_costs_its_record_alone(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_row = rows.span_row

    def row(made: Span, *rest: Any, **more: Any) -> Any:
        if made.name == "bad":
            raise ValueError("no row")
        return make_row(made, *rest, **more)

    monkeypatch.setattr(entries, "span_row", row)
    assert writer.submit([replace(span(1), name="bad")], []).result(10) == [
        "it can't be stored: no row"
    ]
    writer.submit([span(2)], []).result(10)
    assert stored_ids() == [span(2).span_id]
    assert ready()["ok"]


def test_a_receiver_that_raises_harms_nobody(writer: Writer) -> None:
    cursors: list[int] = []

    def broken(**_signal: Any) -> None:
        raise ValueError("no ears")

    def sound(stored: Stored, **_signal: Any) -> None:
        cursors.append(stored.cursor)

    signals.records_stored.connect(broken)
    signals.records_stored.connect(sound)
    try:
        for number in (1, 2):
            writer.submit([span(number)], []).result(10)
        eventually(lambda: len(cursors) == 2)
    finally:
        signals.records_stored.disconnect(broken)
        signals.records_stored.disconnect(sound)


def test_what_waits_is_stored_before_the_end(writer: Writer) -> None:
    waiting = [writer.submit([span(number)], []) for number in range(1, 20)]
    writer.stop()
    assert all(each.done() for each in waiting)
    assert len(stored_ids()) == 19
    with pytest.raises(Unavailable):
        writer.submit([span(30)], [])


def test_a_record_that_the_database_refuses_is_left_out_alone(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_row = rows.span_row

    def refusing(given: Span, *rest: Any, **more: Any) -> tuple[Any, ...]:
        row = make_row(given, *rest, **more)
        return (*row[:4], None, *row[5:]) if given.name == "poison" else row

    monkeypatch.setattr(entries, "span_row", refusing)
    good = [writer.submit([span(number)], []) for number in range(1, 6)]
    mixed = writer.submit([span(6), replace(span(7), name="poison"), span(8)], [])
    assert [each.result(10) for each in good] == [[]] * 5
    [reason] = mixed.result(10)
    assert "stored" in reason
    assert stored_ids() == [f"{number:016x}" for number in (1, 2, 3, 4, 5, 6, 8)]
    assert writer.submit([span(9)], []).result(10) == []


def test_a_record_that_is_too_long_for_the_database_is_left_out_alone(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = writer._insertion._insert_spans

    def refusing(cursor: Any, given: Sequence[tuple[int, SpanEntry]], **rest: Any) -> Any:
        if any(row[3] == "long" for _, (_, _, row, *_) in given):
            # As psycopg tells of an index whose row would be too long.
            raise OperationalError("index row size") from psycopg.errors.ProgramLimitExceeded()
        return insert(cursor, given, **rest)

    monkeypatch.setattr(writer._insertion, "_insert_spans", refusing)
    good = writer.submit([span(1)], [])
    mixed = writer.submit([span(2), replace(span(3), name="long")], [])
    assert good.result(10) == []
    assert mixed.result(10) == ["it can't be stored: index row size"]
    assert stored_ids() == [span(1).span_id, span(2).span_id]
    assert ready()["ok"]
