"""The plan of a matrix and its words."""

from __future__ import annotations

from typing import Any

import pytest

from experiments import matrix_words
from experiments.matrix import COLUMNS, ROWS, Wanted, new_state, plan
from experiments.report.matrix import matrix_page
from faults import asked
from tests.experiments.test_nemesis import NOW


def cell(row: str, column: str, **told: Any) -> dict[str, Any]:
    measured = {
        "row": row,
        "column": column,
        "ok": not told.get("anomalies"),
        "orders": 6,
        "acknowledged": 6,
        "notTaken": 0,
        "unknown": 0,
        "reservations": 6,
        "anomalies": {},
        "offenders": {},
        "stockNotConserved": 0,
        "medianMs": 12,
        "slowestMs": 34,
        "seconds": 2.5,
    }
    return measured | told


def state(*cells: dict[str, Any]) -> dict[str, Any]:
    wanted = Wanted(rows=["none", "outbox"], columns=["none", "jobs-cut"])
    return {**new_state(wanted, run_id="20260101T000000000-0001"), "cells": list(cells)}


def test_the_same_seed_plans_the_same_and_every_pair_once() -> None:
    planned = plan(Wanted(seed=5))
    assert planned == plan(Wanted(seed=5))
    assert planned != plan(Wanted(seed=6))
    pairs = [(each.row, each.column) for each in planned]
    assert pairs == [(row, column) for row in ROWS for column in COLUMNS]
    assert all(list(each.offsets) == sorted(each.offsets) for each in planned)


def test_a_cell_does_not_depend_on_which_others_are_measured() -> None:
    whole = {(each.row, each.column): each for each in plan(Wanted())}
    [alone] = plan(Wanted(rows=["outbox"], columns=["jobs-cut"]))
    assert alone == whole["outbox", "jobs-cut"]


def test_every_column_is_a_fault_that_there_is() -> None:
    for fault in COLUMNS.values():
        if fault:
            asked.read({**fault, "setBy": "matrix"}, now=NOW)


@pytest.mark.parametrize(
    "wanted",
    [Wanted(orders=0), Wanted(orders=101), Wanted(rows=[]), Wanted(columns=["moon"])],
    ids=["none", "too many", "no row", "no such column"],
)
def test_what_can_not_be_run_is_refused(wanted: Wanted) -> None:
    with pytest.raises(ValueError, match="must be"):
        wanted.check()


def test_a_cell_says_what_was_measured() -> None:
    assert matrix_words.said(cell("none", "none", acknowledged=5, unknown=1)) == "✓ 5 of 6"
    wrong = cell("none", "jobs-cut", anomalies={"stuck": 4, "reserved_twice": 2})
    assert matrix_words.said(wrong) == "✕ 4 stuck, 2 twice"
    assert matrix_words.said(cell("none", "none", ok=False, stockNotConserved=1)) == "✕ stock wrong"


def test_the_table_has_a_dash_where_nothing_was_measured() -> None:
    lines = list(matrix_words.lines(state(cell("none", "jobs-cut", anomalies={"lost": 1}))))
    assert lines[0].split() == ["no", "fault", "way", "to", "the", "worker", "cut"]
    assert lines[1].split() == ["no", "defence", "–", "✕", "1", "lost"]
    assert lines[2].split() == ["outbox", "–", "–"]


def test_its_report_tells_each_number_and_escapes_what_it_is_given() -> None:
    wrong = cell(
        "none",
        "jobs-cut",
        anomalies={"stuck": 6},
        offenders={"stuck": ["<script>x"]},
        slowestMs=2665,
    )
    page = matrix_page({**state(wrong), "reason": "<b>stopped</b>"})
    for told in (
        "<b>✕</b> 6 stuck",
        "2665 ms at most",
        "&lt;script&gt;",
        "&lt;b&gt;stopped",
        "1 / 4",
    ):
        assert told in page, told
    assert "<script" not in page
