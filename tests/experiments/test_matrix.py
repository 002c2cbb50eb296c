"""The plan of a matrix and its texts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils.translation import override

from base.message import Message
from experiments.errors import MatrixSpecError
from experiments.matrix.report import matrix_page
from experiments.matrix.spec import COLUMNS, ROWS, MatrixSpec, new_state, plan
from experiments.matrix.wording import cell_text, lines, matrix_json
from faults import request
from tests.experiments.test_nemesis import NOW


def cell(row: str, column: str, **changed: Any) -> dict[str, Any]:
    measured = {
        "row": row,
        "column": column,
        "ok": not changed.get("anomalies"),
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
    return measured | changed


def state(*cells: dict[str, Any]) -> dict[str, Any]:
    spec = MatrixSpec(rows=["none", "outbox"], columns=["none", "jobs-cut"])
    return {**new_state(spec, run_id="20260101T000000000-0001"), "cells": list(cells)}


def test_the_same_seed_plans_the_same_and_every_pair_once() -> None:
    planned = plan(MatrixSpec(seed=5))
    assert planned == plan(MatrixSpec(seed=5))
    assert planned != plan(MatrixSpec(seed=6))
    pairs = [(each.row, each.column) for each in planned]
    assert pairs == [(row, column) for row in ROWS for column in COLUMNS]
    assert all(list(each.offsets) == sorted(each.offsets) for each in planned)


def test_a_cell_does_not_depend_on_which_others_are_measured() -> None:
    whole = {(each.row, each.column): each for each in plan(MatrixSpec())}
    [alone] = plan(MatrixSpec(rows=["outbox"], columns=["jobs-cut"]))
    assert alone == whole["outbox", "jobs-cut"]


def test_every_column_is_a_fault_that_there_is() -> None:
    for fault in COLUMNS.values():
        if fault:
            assert request.read({**fault, "setBy": "matrix"}, now=NOW).kind == fault["kind"]


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"orders": 0}, "orders must be from 1 to 100"),
        ({"orders": 101}, "orders must be from 1 to 100"),
        ({"rows": []}, "defences must be some of none, retry"),
        ({"columns": ["moon"]}, "faults must be some of none, jobs-cut"),
    ],
    ids=["none", "too many", "no row", "no such column"],
)
def test_what_can_not_be_run_is_refused(given: dict[str, Any], error: str) -> None:
    with pytest.raises(MatrixSpecError, match=error):
        MatrixSpec(**given)


def test_its_bounds_can_be_run() -> None:
    assert MatrixSpec(orders=1).orders == 1
    assert MatrixSpec(orders=100).orders == 100


def test_a_cell_says_what_was_measured() -> None:
    assert cell_text(cell("none", "none", acknowledged=5, unknown=1)) == "✓ 5 of 6"
    wrong = cell("none", "jobs-cut", anomalies={"stuck": 4, "reserved_twice": 2})
    assert cell_text(wrong) == "✕ 4 stuck, 2 twice"
    assert cell_text(cell("none", "none", ok=False, stockNotConserved=1)) == "✕ stock wrong"


def test_the_table_has_a_dash_where_nothing_was_measured() -> None:
    table = list(lines(state(cell("none", "jobs-cut", anomalies={"lost": 1}))))
    assert table[0].split() == ["no", "fault", "way", "to", "the", "worker", "cut"]
    assert table[1].split() == ["no", "defence", "–", "✕", "1", "lost"]
    assert table[2].split() == ["outbox", "–", "–"]


def test_the_table_stands_in_columns_in_japanese_too() -> None:
    with override("ja"):
        rows = list(lines(state(cell("none", "none"), cell("none", "jobs-cut"))))
    assert rows[0].strip() == "障害なし    workerへの道を切断"
    assert rows[1] == "防御なし        ✓ 6件中6件  ✓ 6件中6件"


def test_a_reason_is_in_the_readers_language() -> None:
    error = Message("error.faults_in_force", {"count": 2})
    failed = {**state(), "reason": Message("reason.not_restored", {"error": error}).as_json()}
    described = matrix_json(failed)
    assert described["reason"] == "not put back: 2 faults are in force: heal them first"
    assert described["rows"][1] == {
        "name": "outbox",
        "defences": ["outbox"],
        "title": "outbox",
    }
    with override("ja"):
        described = matrix_json(failed)
        assert described["title"] == "防御と障害の表"
        assert described["reason"].startswith("元に戻せませんでした：")
        assert not re.search("[a-z]", described["reason"])


def test_its_report_has_each_number_and_escapes_what_it_is_given() -> None:
    wrong = cell(
        "none",
        "jobs-cut",
        anomalies={"stuck": 6},
        offenders={"stuck": ["<script>x"]},
        slowestMs=2665,
    )
    page = matrix_page({**state(wrong), "reason": "<b>stopped</b>"})
    for expected in (
        "<b>✕</b> 6 stuck",
        "2665 ms at most",
        "&lt;script&gt;",
        "&lt;b&gt;stopped",
        "1 / 4",
    ):
        assert expected in page, expected
    assert "<script" not in page
