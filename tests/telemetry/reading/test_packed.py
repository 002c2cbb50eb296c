"""A large trace comes packed: the same as its rows, and packed again once it is another."""

from __future__ import annotations

import json
import math
from array import array
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from telemetry.reading.outlines import outline as outlines
from telemetry.reading.outlines.outline import PackedOutlines, outline
from telemetry.reading.outlines.packed import FAILED, KINDS, NONE, START_UNKNOWN, STATES
from telemetry.records import Resource, Span, SpanEvent

if TYPE_CHECKING:
    from telemetry.store.writer import Writer

pytestmark = [
    pytest.mark.django_db(databases=["default", "worker", "telemetry"], transaction=True),
    pytest.mark.urls("labsite.http.urls_observer"),
]
TRACE_ID = "c" * 32
START = 1_700_000_000_000_000_000
TYPES = {"kind": "B", "state": "B", "flags": "B", "start": "d", "end": "d", "eventAt": "d"}


def span(number: int, **more: Any) -> Span:
    """Make one span."""
    values: dict[str, Any] = {
        "trace_id": TRACE_ID,
        "span_id": f"{number:016x}",
        "parent_span_id": f"{number - 1:016x}" if number > 1 else "",
        "name": f"step {number % 3}",
        "start_time_unix_nano": START + number,
        "end_time_unix_nano": START + 9,
        "resource": Resource({"service.name": f"service {number % 2}"}),
    }
    return Span(**values | more)


def read() -> tuple[dict[str, Any], dict[str, Any]]:
    """Ask for the outline, and take it apart into its head and its columns."""
    response = Client(headers={"host": "localhost"}).get(f"/api/traces/{TRACE_ID}/packed")
    assert response.status_code == 200
    body = response.content
    length = int.from_bytes(body[:4], "little")
    head: dict[str, Any] = json.loads(body[4 : 4 + length])
    at = -(-(4 + length) // 8) * 8
    columns: dict[str, Any] = {}
    for name, size in head["columns"].items():
        columns[name] = array(TYPES.get(name, "I"), body[at : at + size])
        at += -(-size // 8) * 8
    assert at == len(body)
    return head, columns


def packing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Have traces packed into 40 bytes each, and note which."""
    packed: list[str] = []

    def pack(trace_id: str) -> bytes:
        packed.append(trace_id)
        return bytes(40)

    monkeypatch.setattr(outlines, "pack", pack)
    return packed


def test_columns_say_what_the_rows_say(writer: Writer) -> None:
    odd = span(
        3,
        kind="CLIENT",
        start_time_unix_nano=0,
        state="abandoned",
        attributes={"error.type": "read_timeout"},
        events=[SpanEvent("happened", START + 5)],
    )
    running = span(2, kind="SERVER", end_time_unix_nano=0, state="open")
    writer.submit([span(1), running, odd], []).result(10)
    head, columns = read()
    assert (head["base"], head["count"], head["next"]) == (str(START + 1), 3, None)
    ids = [f"{columns['ids'][at]:08x}{columns['ids'][at + 1]:08x}" for at in (0, 2, 4)]
    assert [ids[each] for each in columns["id"]] == [f"{n:016x}" for n in (1, 2, 3)]
    parents = [None if each == NONE else ids[each] for each in columns["parent"]]
    assert parents == [None, f"{1:016x}", f"{2:016x}"]
    texts = head["texts"]
    assert [texts[each] for each in columns["name"]] == ["step 1", "step 2", "step 0"]
    assert [texts[each] for each in columns["service"]] == ["service 1", "service 0", "service 1"]
    assert list(columns["target"]) == [NONE] * 3
    assert [KINDS[each] for each in columns["kind"]] == ["INTERNAL", "SERVER", "CLIENT"]
    assert [STATES[each] for each in columns["state"]] == ["ended", "open", "abandoned"]
    assert list(columns["flags"]) == [0, 0, START_UNKNOWN | FAILED]
    errors = [None if each == NONE else texts[each] for each in columns["error"]]
    assert errors == [None, None, "read_timeout"]
    # Where no start is on record, the end stands for it.
    assert list(columns["start"]) == [0, 1, 8]
    assert (columns["end"][0], math.isnan(columns["end"][1])) == (8, True)
    assert list(columns["eventCount"]) == [0, 0, 1]
    assert [texts[each] for each in columns["eventName"]] == ["happened"]
    assert list(columns["eventAt"]) == [4]


def test_what_has_come_or_gone_since_is_seen(writer: Writer) -> None:
    writer.submit([span(1, end_time_unix_nano=0, state="open")], []).result(10)
    assert math.isnan(read()[1]["end"][0])
    writer.submit([span(1), span(2)], []).result(10)
    head, columns = read()
    assert head["count"] == 2
    assert not any(map(math.isnan, columns["end"]))


def test_a_trace_is_packed_once_until_it_changes(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = packing(monkeypatch)
    writer.submit([span(1)], []).result(10)
    kept = PackedOutlines()
    assert kept.of(TRACE_ID) == kept.of(TRACE_ID) == bytes(40)
    assert packed == [TRACE_ID]
    writer.submit([span(2)], []).result(10)
    kept.of(TRACE_ID)
    assert packed == [TRACE_ID, TRACE_ID]


def test_of_more_traces_than_there_is_room_for_the_last_ones_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    packed = packing(monkeypatch)
    kept = PackedOutlines(most_bytes=100)
    for trace_id in ("a", "b", "a", "c", "a", "b"):
        kept.of(trace_id)
    assert packed == ["a", "b", "c", "b"]


def test_of_no_trace_there_is_nothing() -> None:
    head, columns = read()
    assert (head["base"], head["count"], head["last"], head["next"]) == (None, 0, 0, None)
    assert not any(columns.values())


def test_of_more_spans_than_come_at_once_the_rest_is_asked_for(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("telemetry.reading.outlines.packed.MAX_SPANS", 2)
    monkeypatch.setattr("telemetry.reading.outlines.packed._PIECE", 1)
    writer.submit([span(1), span(2), span(3), span(4)], []).result(10)
    head, columns = read()
    assert (head["count"], len(columns["id"])) == (2, 2)
    rest = outline(TRACE_ID, after=head["next"], limit=10)
    assert [row[1] for row in rest["rows"]] == [f"{n:016x}" for n in (3, 4)]
