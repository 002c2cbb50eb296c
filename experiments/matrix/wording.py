"""A matrix in the reader's language, as JSON and as lines for a terminal. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from django.utils.translation import gettext

from experiments.texts import TEXTS
from experiments.wording import kept_text, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def row_title(name: str) -> str:
    """Name a row: the defences that are on."""
    return _title(f"row.{name}", name)


def column_title(name: str) -> str:
    """Name a column: the fault that is in force."""
    return _title(f"column.{name}", name)


def anomaly_counts(cell: Mapping[str, Any]) -> list[str]:
    """Say how many orders of a cell have each anomaly."""
    return [
        text(f"count.{kind}", count=count) if f"count.{kind}" in TEXTS else f"{count} {kind}"
        for kind, count in cell["anomalies"].items()
    ]


def cell_text(cell: Mapping[str, Any]) -> str:
    """Say what a cell measured: ``✓ 6 of 6`` acknowledged and whole, or what is wrong."""
    mark, words = cell_parts(cell)
    return f"{mark} {words}"


def cell_parts(cell: Mapping[str, Any]) -> tuple[str, str]:
    """Return the mark of a cell and its words."""
    if cell["ok"]:
        return "✓", text("value.share", some=cell["acknowledged"], all=cell["orders"])
    wrong = anomaly_counts(cell)
    wrong += [text("count.stock")] if cell["stockNotConserved"] else []
    return "✕", ", ".join(wrong)


def matrix_json(state: Mapping[str, Any]) -> dict[str, Any]:
    """Add titles of rows and columns and the texts of cells to a matrix's state."""
    return {
        **state,
        "title": gettext(state["title"]),
        "reason": kept_text(state["reason"]),
        "rows": [{**row, "title": row_title(row["name"])} for row in state["rows"]],
        "columns": [
            {**column, "title": column_title(column["name"])} for column in state["columns"]
        ],
        "cells": [{**cell, "text": cell_text(cell)} for cell in state["cells"]],
    }


def lines(state: Mapping[str, Any]) -> Iterator[str]:
    """Yield a table of what has been measured so far."""
    cells = {(each["row"], each["column"]): cell_text(each) for each in state["cells"]}
    columns = [each["name"] for each in state["columns"]]
    rows = [["", *(column_title(name) for name in columns)]]
    for row in state["rows"]:
        texts = [cells.get((row["name"], column), "–") for column in columns]
        rows.append([row_title(row["name"]), *texts])
    widths = [max(_width(row[place]) for row in rows) for place in range(len(columns) + 1)]
    for row in rows:
        padded = (
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        )
        yield "  ".join(padded).rstrip()


def _width(text: str) -> int:
    """Count the columns of a terminal that ``text`` takes: a wide character takes two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _title(code: str, name: str) -> str:
    return text(code) if code in TEXTS else name
