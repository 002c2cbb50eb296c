"""Two traces in one list of rows, and what ``/api/compare`` answers."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from django.test import Client

from telemetry.reading.comparing import comparison
from telemetry.reading.comparing.comparison import rows_of
from telemetry.reading.comparing.steps import steps_of
from tests.telemetry.reading.comparing.spans import anything, timed
from tests.telemetry.reading.rows import MS, service, span, trace

FIRST = [
    timed("1", "", "root", 0, 100),
    timed("2", "1", "step", 0, 10),
    timed("3", "2", "inner", 0, 5),
    timed("4", "1", "gone", 20, 30),
]
SECOND = [
    timed("a", "", "root", 0, 100),
    timed("b", "a", "before", 0, 5),
    timed("c", "a", "step", 10, 90),
    timed("d", "a", "after", 91, 92),
    timed("e", "", "another root", 200, 210),
]


def seen(first: Any, second: Any) -> list[tuple[int, str, bool, bool]]:
    rows = rows_of(steps_of(first), steps_of(second))
    return [(row[0], row[2], row[3] is not None, row[4] is not None) for row in rows]


def test_the_same_steps_share_a_row_and_what_one_has_alone_stands_where_it_is_there() -> None:
    assert seen(FIRST, SECOND) == [
        (0, "root", True, True),
        (1, "before", False, True),
        (1, "step", True, True),
        (2, "inner", True, False),
        (1, "after", False, True),
        (1, "gone", True, False),
        (0, "another root", False, True),
    ]


def test_whatever_they_are_each_step_of_both_has_one_row_below_the_one_that_it_is_in() -> None:
    for seed in range(200):
        random = Random(seed)  # noqa: S311 # no secret
        one, other = anything(random, random.randrange(20)), anything(random, random.randrange(20))
        rows = list(rows_of(steps_of(one), steps_of(other)))
        assert sum(row[3][0] for row in rows if row[3]) == len(one)
        assert sum(row[4][0] for row in rows if row[4]) == len(other)
        depths = [-1, *(row[0] for row in rows)]
        assert all(depths[n] <= depths[n - 1] + 1 for n in range(1, len(depths)))
        assert seen(one, one) == [(*row[:2], True, True) for row in seen(one, one)]


def test_of_more_rows_than_are_sent_the_deepest_are_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(comparison, "MOST_ROWS", 6)
    rows = list(rows_of(steps_of(FIRST), steps_of(SECOND)))
    assert [row[2] for row in comparison._shallowest(rows)] == [
        row[2] for row in rows if row[2] != "inner"
    ]
    monkeypatch.setattr(comparison, "MOST_ROWS", 1)
    assert [row[2] for row in comparison._shallowest(rows)] == ["root"]


class TestApi:
    pytestmark = [
        pytest.mark.django_db(databases=["telemetry", "default"]),
        pytest.mark.urls("labsite.http.urls_observer"),
    ]

    def answer(self, *, status: int = 200, **query: str) -> Any:
        response = Client(headers={"host": "localhost"}).get("/api/compare", query)
        assert response.status_code == status
        return response.json()

    def test_both_are_named_and_their_steps_are_counted(self) -> None:
        first, second = trace(1, name="GET /", span_count=2), trace(2, imported=True)
        service(first, "shop")
        span(first, 1, name="GET /", service="shop", kind="SERVER", start_ns=5 * MS, end_ns=9 * MS)
        span(
            first,
            2,
            parent_span_id=f"{1:016x}",
            name="pay",
            service="shop",
            start_ns=6 * MS,
            end_ns=8 * MS,
            status="ERROR",
            error_kind="reset",
        )
        span(second, 7, name="GET /", service="shop", start_ns=1, end_ns=1 + MS)
        found = self.answer(a=first, b=f" {second.upper()} ")
        assert (found["a"]["name"], found["b"]["imported"]) == ("GET /", True)
        assert found["columns"] == ["depth", "service", "name", "a", "b"]
        assert found["sideColumns"] == [
            *("count", "errors", "totalMs", "selfMs", "slowest", "errorKinds")
        ]
        assert found["leftOut"] == 0
        of_first = [1, 0, 4.0, 2.0, f"{1:016x} shop SERVER", []]
        assert found["rows"] == [
            [0, "shop", "GET /", of_first, [1, 0, 1.0, 1.0, f"{7:016x} shop ", []]],
            [1, "shop", "pay", [1, 1, 2.0, 2.0, f"{2:016x} shop ", ["reset"]], None],
        ]

    def test_times_beyond_all_numbers_and_a_trace_of_logs_alone_are_no_error(self) -> None:
        first, second = trace(1), trace(2)
        for number in range(1, 4):
            span(first, number, name="long", service="shop", start_ns=1, end_ns=2**63 - 1)
        [row] = self.answer(a=first, b=second)["rows"]
        assert row[3][:2] == [3, 0]
        assert row[4] is None

    def test_one_that_is_gone_is_null_beside_the_other(self) -> None:
        known, gone = trace(1), f"{9:032x}"
        found = self.answer(a=known, b=gone)
        assert (list(found), found["a"]["traceId"], found["b"]) == (["a", "b"], known, None)
        assert self.answer(a=gone, b=gone) == {"a": None, "b": None}

    def test_one_alone_is_named_without_steps(self) -> None:
        known = trace(1)
        found = self.answer(b=known)
        assert (list(found), found["b"]["traceId"]) == (["b"], known)
        assert self.answer(status=400)["field"] == "a"
