"""A run's steps: what each was, when, and what was expected of it beside what was seen. Pure."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from experiments.report.markup import Html, el

if TYPE_CHECKING:
    from collections.abc import Mapping

_MARKS = {"succeeded": "✓", "deviated": "✕", "failed": "!", "running": "–"}


def steps(state: Mapping[str, Any]) -> Html:
    """Tell ``state``'s steps, phase by phase."""
    observed = {each["name"]: each for each in state["observed"]}
    titles = {
        "hypothesis": _("Steady state, before"),
        "method": _("Method"),
        "hypothesis after": _("Steady state, after"),
        "rollback": _("Rollbacks"),
    }
    phases = []
    for phase, members in groupby(state["steps"], key=_phase):
        rows = [_step(each, observed, state["startedAt"]) for each in members]
        phases.append(el("h3", None, titles.get(phase, phase)))
        phases.append(el("ol", {"class": "steps"}, *rows))
    return (
        el("div", None, *phases) if phases else el("p", {"class": "note"}, _("No step was taken."))
    )


def _phase(step: Mapping[str, Any]) -> str:
    return "method" if step["kind"] in ("action", "probe") else str(step["kind"])


def _step(step: Mapping[str, Any], observed: Mapping[str, Any], began: str) -> Html:
    since = datetime.fromisoformat(step["startedAt"]) - datetime.fromisoformat(began)
    seen = observed.get(step["name"])
    status = step["status"]
    words = {
        "succeeded": _("as expected"),
        "deviated": _("not as expected"),
        "failed": _("failed"),
        "running": _("not finished"),
    }
    told: list[str] = []
    if seen is not None:
        told = [
            el("p", {"class": "looked"}, seen["text"]),
            el(
                "dl",
                {"class": "pair"},
                el("div", None, el("dt", None, _("Expected")), el("dd", None, seen["expected"])),
                el("div", None, el("dt", None, _("Seen")), el("dd", None, seen["actual"])),
            ),
        ]
    elif step["text"]:
        told = [el("p", {"class": "looked"}, step["text"])]
    mark = el(
        "span",
        {"class": "mark", "role": "img", "aria-label": words.get(status, status)},
        _MARKS.get(status, "–"),
    )
    return el(
        "li",
        {"class": status},
        mark,
        el("div", {"class": "what"}, el("p", {"class": "name"}, step["name"]), *told),
        el("span", {"class": "at"}, f"{since.total_seconds():.2f} s"),
    )
