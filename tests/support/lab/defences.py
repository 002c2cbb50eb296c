"""Turning defences on and off in a lab under test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defences.catalogue import DEFENCES

if TYPE_CHECKING:
    from tests.support.processes import LabProcesses

NAMES = tuple(each.name for each in DEFENCES)


def turn(lab: LabProcesses, **states: Any) -> dict[str, Any]:
    """Turn defences on or off, or set the mode; return what is on then."""
    answer = lab.session.patch(f"{lab.observer_url}/api/defences", json=states, timeout=15)
    assert answer.ok, answer.text
    listed: dict[str, Any] = answer.json()
    return listed


def turn_all_off(lab: LabProcesses) -> None:
    """Go back to the naive flow."""
    turn(lab, **dict.fromkeys(NAMES, False))
