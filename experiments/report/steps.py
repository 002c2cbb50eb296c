"""A run's steps: what each was, when, and what was expected of it beside what was observed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

_PHASES = {
    "hypothesis": _("Steady state, before"),
    "method": _("Method"),
    "hypothesis after": _("Steady state, after"),
    "rollback": _("Rollbacks"),
}
_OUTCOMES = {
    "succeeded": ("✓", _("as expected")),
    "deviated": ("✕", _("not as expected")),
    "failed": ("!", _("failed")),
    "running": ("–", _("not finished")),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step; ``observed`` is None when the step observed nothing."""

    name: str
    status: str
    mark: str
    outcome: str
    at: str
    text: str
    observed: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Phase:
    """Steps of one phase of an experiment."""

    title: str
    steps: list[Step]


def phases(state: Mapping[str, Any]) -> list[Phase]:
    """Group the steps of a run by phase; ``state`` is in the language in force already."""
    observed = {each["name"]: each for each in state["observed"]}
    began = datetime.fromisoformat(state["startedAt"])
    return [
        Phase(str(_PHASES.get(phase, phase)), [_step(each, observed, began) for each in members])
        for phase, members in groupby(state["steps"], key=_phase)
    ]


def _phase(step: Mapping[str, Any]) -> str:
    return "method" if step["kind"] in ("action", "probe") else str(step["kind"])


def _step(step: Mapping[str, Any], observed: Mapping[str, Any], began: datetime) -> Step:
    status = step["status"]
    mark, outcome = _OUTCOMES.get(status, ("–", status))
    since = datetime.fromisoformat(step["startedAt"]) - began
    return Step(
        name=step["name"],
        status=status,
        mark=mark,
        outcome=str(outcome),
        at=f"{since.total_seconds():.2f} s",
        text=step["text"],
        observed=observed.get(step["name"]),
    )
