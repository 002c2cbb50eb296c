"""An experiment's own texts in the reader's language; log lines and statuses stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext, gettext_noop

if TYPE_CHECKING:
    from collections.abc import Mapping

# Said by the probes, which know no Django; the files' own texts are collected from the files.
_SAID = frozenset(
    {
        gettext_noop("HTTP status that the client got"),
        gettext_noop("What the API believes"),
        gettext_noop("Reservations that the worker made for an order"),
        gettext_noop("Log line"),
        gettext_noop("Seconds from accepted to confirmed"),
        gettext_noop("Traces of an order"),
        gettext_noop("one trace, api and worker"),
        gettext_noop("no order was placed"),
        gettext_noop("no such line"),
        gettext_noop("never confirmed"),
        gettext_noop("not known"),
        gettext_noop("another experiment is running: stop it, or wait for its end"),
    }
)


def experiment(described: Mapping[str, Any]) -> dict[str, Any]:
    """Translate what ``GET /api/experiments`` says of one."""
    return {
        **described,
        "title": gettext(described["title"]),
        "description": gettext(described["description"]),
        "steps": [gettext(step) for step in described["steps"]],
    }


def run(state: Mapping[str, Any]) -> dict[str, Any]:
    """Translate a run's state, as far as its texts are the lab's own."""
    told = {**state, "title": gettext(state["title"])}
    if "steps" in state:
        told["steps"] = [_step(step) for step in state["steps"]]
        told["observed"] = [_observed(each) for each in state["observed"]]
    return told


def own(text: str) -> str:
    """Translate a text that is the lab's own; any other stays as it is."""
    return gettext(text) if text in _SAID else text


def _step(step: Mapping[str, Any]) -> dict[str, Any]:
    return {**step, "name": gettext(step["name"]), "text": own(step["text"])}


def _observed(each: Mapping[str, Any]) -> dict[str, Any]:
    told = {**each, "name": gettext(each["name"])}
    return told | {key: own(each[key]) for key in ("text", "expected", "actual")}
