"""A run as one HTML file: what was expected, what happened, and what the records prove. Pure."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from experiments import words
from experiments.report import chart
from experiments.report.markup import Html, document, el, table
from experiments.report.requests import requests
from experiments.report.steps import steps

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from experiments.report.told import Told

STYLE = (Path(__file__).parent / "report.css").read_text(encoding="utf-8")

_MOST_ROWS = 500
_MOST_OFFENDERS = 5
_MARKS = {"passed": "✓", "deviated": "✕", "failed": "!", "aborted": "–", "skipped": "↷"}


def page(runs: Sequence[Told]) -> str:
    """Tell one run, or several one after the other, in a file that needs nothing else."""
    if len(runs) == 1:
        return document(str(runs[0].state["title"]), STYLE, _article(runs[0]))
    passed = sum(told.state["status"] == "passed" for told in runs)
    heading = el(
        "header",
        {"class": "top"},
        el("p", {"class": "brand"}, _("Partition Lab · experiments")),
        el("h1", None, _("%(passed)s of %(all)s passed") % {"passed": passed, "all": len(runs)}),
        el("ul", {"class": "contents"}, *(_line(told) for told in runs)),
    )
    return document(_("Experiments"), STYLE, heading, *(_article(told) for told in runs))


def badge(status: str) -> Html:
    """Say how a run went, by a mark and a word."""
    words = {
        "passed": _("as expected"),
        "deviated": _("not as expected"),
        "failed": _("could not be carried out"),
        "aborted": _("stopped"),
        "skipped": _("skipped"),
    }
    return el(
        "span",
        {"class": f"badge {status}"},
        f"{_MARKS.get(status, '')} {words.get(status, status)}",
    )


def _line(told: Told) -> Html:
    link = el("a", {"href": f"#{told.state['runId']}"}, str(told.state["title"]))
    return el("li", None, badge(told.state["status"]), link)


def _article(told: Told) -> Html:
    return el(
        "article",
        {"id": str(told.state["runId"])},
        _head(told),
        _section(_("Step by step"), steps(told.state)),
        _latency(told),
        _verdict(told),
        _traces(told),
        _operations(told),
    )


def _head(told: Told) -> Html:
    state = told.state
    facts = {
        _("Experiment"): str(state["name"]),
        _("Run"): str(state["runId"]),
        _("Started"): str(state["startedAt"]).replace("T", " "),
        _("Took"): took(state),
        _("Tags"): ", ".join(told.tags),
    }
    rows = [
        el("div", None, el("dt", None, name), el("dd", None, value))
        for name, value in facts.items()
        if value
    ]
    reason = state.get("reason") or told.gathered.get("problem") or ""
    return el(
        "header",
        {"class": "top"},
        el("p", {"class": "brand"}, _("Partition Lab · experiment")),
        el("h1", None, str(state["title"])),
        el("p", {"class": "verdict"}, badge(state["status"])),
        el("p", {"class": "lead"}, told.description),
        el("p", {"class": "problem"}, str(reason)) if reason else Html(""),
        el("dl", {"class": "facts"}, *rows),
    )


def _latency(told: Told) -> Html:
    if not told.history:
        return Html("")
    statuses = {request: str(each["status"]) for request, each in told.final.items()}
    drawn = chart.latency(told.history, statuses, told.state["windows"])
    return _section(_("How long the clients waited"), drawn)


def _verdict(told: Told) -> Html:
    verdict = told.gathered.get("verdict")
    if not verdict:
        return Html("")
    outcomes = verdict["outcomes"]
    counts = {
        _("orders placed"): verdict["operations"],
        _("acknowledged"): outcomes["ok"],
        _("not taken"): outcomes["fail"],
        _("unknown to the client"): outcomes["info"],
        _("orders of the API"): verdict["orders"],
        _("reservations of the worker"): verdict["reservations"],
    }
    tiles = [
        el("div", None, el("dt", None, name), el("dd", None, str(value)))
        for name, value in counts.items()
    ]
    return _section(
        _("What the checker found"),
        _whole(verdict),
        el("dl", {"class": "tiles"}, *tiles),
        _anomalies(verdict),
    )


def _whole(verdict: Mapping[str, Any]) -> Html:
    if verdict["ok"]:
        return el("p", {"class": "whole good"}, "✓ ", _("Nothing is lost, doubled or stuck."))
    found = sum(each["count"] for each in verdict["anomalies"].values())
    said = _("Not everything is whole in the end: %(count)s anomalies.") % {"count": found}
    return el("p", {"class": "whole bad"}, "✕ ", said)


def _anomalies(verdict: Mapping[str, Any]) -> Html:
    rows = []
    for kind, found in verdict["anomalies"].items():
        if not found["count"]:
            continue
        named = [each["orderId"] or each["requestId"] for each in found["first"]]
        more = found["count"] - _MOST_OFFENDERS
        shown = ", ".join(each[:8] for each in named[:_MOST_OFFENDERS])
        rows.append(
            [
                kind,
                words.own(found["means"]),
                str(found["count"]),
                el("code", None, shown + (f" + {more}" if more > 0 else "")),
            ]
        )
    rows += [
        ["stock", _("stock and reservations do not add up"), "–", str(article["sku"])]
        for article in verdict["stockNotConserved"]
    ]
    if not rows:
        return Html("")
    head = [_("Anomaly"), _("An order that is"), _("Orders"), _("First of them")]
    return table(head, rows, label=_("Anomalies"))


def _traces(told: Told) -> Html:
    traces = told.gathered.get("traces") or []
    if not traces:
        return Html("")
    note = el(
        "p",
        {"class": "note"},
        _("Up to two requests of each sort; all %(count)s are in the table of orders below.")
        % {"count": len(told.history)},
    )
    alike = len(traces) < len(told.history)
    return _section(_("What the records prove"), note if alike else Html(""), requests(traces))


def _operations(told: Told) -> Html:
    if not told.history:
        return Html("")
    learned = {
        "decided": _("● acknowledged"),
        "pending": _("○ acknowledged"),
        "fail": _("✕ not taken"),
        "info": _("◇ unknown"),
    }
    rows = []
    for each in told.history[:_MOST_ROWS]:
        final = told.final.get(each["request_id"], {})
        rows.append(
            [
                el("code", None, str(each.get("order_id") or each["request_id"])[:8]),
                f"{each['started_ms'] / 1_000:.2f} s",
                f"{each['ended_ms'] - each['started_ms']:.0f} ms",
                learned[chart.shape_of(each, str(final.get("status", "")))],
                str(each.get("http_status") or each.get("error") or "–"),
                str(final.get("status") or "–"),
                str(final.get("reservations", "–")),
            ]
        )
    head = [
        _("Order"),
        _("Placed at"),
        _("Waited"),
        _("Its client learned"),
        _("Answer"),
        _("API, in the end"),
        _("Reservations"),
    ]
    left_out = len(told.history) - _MOST_ROWS
    more = el("p", {"class": "note"}, _("and %(count)s more") % {"count": left_out})
    return _section(
        _("Every order"),
        table(head, rows, label=_("Orders"), classes="orders"),
        more if left_out > 0 else Html(""),
    )


def _section(title: str, *content: str) -> Html:
    return el("section", None, el("h2", None, title), *content)


def took(state: Mapping[str, Any]) -> str:
    """Say how many seconds a run took; nothing while it goes on."""
    if not state.get("endedAt"):
        return ""
    began, ended = (datetime.fromisoformat(state[key]) for key in ("startedAt", "endedAt"))
    return f"{(ended - began).total_seconds():.1f} s"
