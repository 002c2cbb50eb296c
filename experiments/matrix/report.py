"""The matrix as one HTML file. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.matrix.wording import anomaly_counts, cell_parts, column_title, row_title
from experiments.report.document import document, started, took
from experiments.wording import kept_text

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class MeasuredCell:
    """A cell as it is shown; ``counts`` is its part of ``run.json``."""

    row: str
    column: str
    ok: bool
    mark: str
    text: str
    slowest_ms: int
    anomalies: str
    offenders: list[str]
    counts: Mapping[str, Any]


def matrix_page(state: Mapping[str, Any]) -> str:
    """Report a matrix: the table, then the numbers of every cell."""
    cells = {(each["row"], each["column"]): _cell(each) for each in state["cells"]}
    columns = [each["name"] for each in state["columns"]]
    context = {
        "state": state,
        "reason": kept_text(state["reason"]),
        "started": started(state),
        "took": took(state),
        "columns": [column_title(name) for name in columns],
        "rows": [
            {
                "title": row_title(row["name"]),
                "cells": [cells.get((row["name"], column)) for column in columns],
            }
            for row in state["rows"]
        ],
        "cells": list(cells.values()),
    }
    return document("matrix", context)


def _cell(cell: Mapping[str, Any]) -> MeasuredCell:
    mark, text = cell_parts(cell)
    return MeasuredCell(
        row=row_title(cell["row"]),
        column=column_title(cell["column"]),
        ok=cell["ok"],
        mark=mark,
        text=text,
        slowest_ms=cell["slowestMs"],
        anomalies=", ".join(anomaly_counts(cell)),
        offenders=[name[:8] for names in cell["offenders"].values() for name in names],
        counts=cell,
    )
