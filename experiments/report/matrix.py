"""The matrix as one HTML file. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from experiments import matrix_words as words
from experiments.report.markup import Html, document, el, table
from experiments.report.page import STYLE, took
from experiments.words import own

if TYPE_CHECKING:
    from collections.abc import Mapping


def matrix_page(state: Mapping[str, Any]) -> str:
    """Tell a matrix: the table, then the numbers of every cell."""
    return document(
        _("Defences against faults"),
        STYLE,
        _head(state),
        _section(_("What held"), _grid(state), _key()),
        _section(_("What was measured"), _numbers(state)),
    )


def _head(state: Mapping[str, Any]) -> Html:
    facts = {
        _("Run"): str(state["runId"]),
        _("Started"): str(state["startedAt"]).replace("T", " "),
        _("Took"): took(state),
        _("Seed"): str(state["seed"]),
        _("Orders a cell"): str(state["ordersEach"]),
        _("Cells"): f"{len(state['cells'])} / {state['total']}",
    }
    rows = [
        el("div", None, el("dt", None, name), el("dd", None, value))
        for name, value in facts.items()
        if value
    ]
    lead = _(
        "For each cell its defences were turned on, its fault was set, orders were placed, the"
        " fault was healed, and when nothing more happened both services were asked what they hold."
    )
    reason = own(str(state["reason"]))
    return el(
        "header",
        {"class": "top"},
        el("p", {"class": "brand"}, _("Partition Lab · matrix")),
        el("h1", None, _("Defences against faults")),
        el("p", {"class": "lead"}, lead),
        el("p", {"class": "problem"}, reason) if reason else Html(""),
        el("dl", {"class": "facts"}, *rows),
    )


def _grid(state: Mapping[str, Any]) -> Html:
    cells = {(each["row"], each["column"]): each for each in state["cells"]}
    columns = [each["name"] for each in state["columns"]]
    rows: list[list[str]] = []
    for row in state["rows"]:
        measured = [_cell(cells.get((row["name"], column))) for column in columns]
        rows.append([words.row_title(row["name"]), *measured])
    head = ["", *(words.column_title(name) for name in columns)]
    return table(head, rows, label=_("Defences against faults"), classes="matrix")


def _cell(cell: Mapping[str, Any] | None) -> Html:
    if cell is None:
        return el("span", {"class": "cell"}, "–")
    said = words.said(cell).split(" ", 1)
    tone = "good" if cell["ok"] else "bad"
    waited = _("%(slowest)s ms at most") % {"slowest": cell["slowestMs"]}
    return el(
        "span",
        {"class": f"cell {tone}"},
        el("b", None, said[0]),
        f" {said[1]}",
        el("small", None, waited),
    )


def _key() -> Html:
    key = _(
        "✓ 6 of 6: so many of the orders were acknowledged, and each is whole in the end. ✕: how"
        " many are not, and why. Below, how long the slowest client waited."
    )
    return el("p", {"class": "note"}, key)


def _numbers(state: Mapping[str, Any]) -> Html:
    rows: list[list[str]] = []
    for each in state["cells"]:
        wrong = [words.anomaly(kind, count) for kind, count in each["anomalies"].items()]
        offenders = [name[:8] for names in each["offenders"].values() for name in names]
        rows.append(
            [
                f"{words.row_title(each['row'])} × {words.column_title(each['column'])}",
                str(each["orders"]),
                str(each["acknowledged"]),
                str(each["notTaken"]),
                str(each["unknown"]),
                str(each["reservations"]),
                ", ".join(wrong) or "–",
                str(each["medianMs"]),
                str(each["slowestMs"]),
                f"{each['seconds']} s",
                el("code", None, ", ".join(offenders)),
            ]
        )
    head = [
        _("Cell"),
        _("Orders"),
        _("Acknowledged"),
        _("Not taken"),
        _("Unknown"),
        _("Reservations"),
        _("Anomalies"),
        _("Median ms"),
        _("Slowest ms"),
        _("Took"),
        _("First of them"),
    ]
    return table(head, rows, label=_("What was measured"), classes="orders")


def _section(title: str, *content: str) -> Html:
    return el("section", None, el("h2", None, title), *content)
