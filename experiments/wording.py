"""This room's messages in the reader's language; names, statuses and log lines stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import JsonResponse
from django.utils.translation import gettext, gettext_lazy

from base.faults.texts import fault_message
from base.message import Message, from_json, render
from experiments.texts import TEXTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from base.message import Parameter
    from experiments.errors import ExperimentError

_TRANSLATED = {code: gettext_lazy(text) for code, text in TEXTS.items()}


def sentence(message: Message) -> str:
    """Return the text of ``message`` in the language in force.

    :raises KeyError: there is no such code, or the message lacks a parameter.
    """
    return render(message, _TRANSLATED)


def text(code: str, **params: Parameter) -> str:
    """Return the text of a code in the language in force."""
    return sentence(Message(code, params))


def kept_text(kept: str | Mapping[str, Any] | None, otherwise: str = "") -> str:
    """Return the text of what a file has: a message, or a text of before there were messages.

    ``otherwise`` is returned when there is nothing, or a message of another version.
    """
    if isinstance(kept, str):
        return kept or otherwise
    try:
        return sentence(from_json(kept)) if kept else otherwise
    except KeyError:
        return otherwise


def fault_text(window: Mapping[str, Any]) -> str:
    """Say what a fault did that was in force during a run."""
    try:
        return sentence(fault_message(window))
    except KeyError:
        return str(window["words"])


def experiment_json(described: Mapping[str, Any]) -> dict[str, Any]:
    """Translate what `Experiment.as_json` has; its texts are in the catalogue as they are."""
    return {
        **described,
        "title": gettext(described["title"]),
        "description": gettext(described["description"]),
        "question": gettext(described["question"]),
        "steps": [gettext(step) for step in described["steps"]],
    }


def run_json(state: Mapping[str, Any]) -> dict[str, Any]:
    """Put a run's state, or its line in the list of runs, into the reader's language."""
    translated = {**state, "title": gettext(state["title"])}
    if "reason" in state:
        translated["reason"] = kept_text(state["reason"])
    if "steps" in state:
        translated["steps"] = [_step(step) for step in state["steps"]]
        translated["observed"] = [_observed(each) for each in state["observed"]]
    return translated


def refusal(error: ExperimentError) -> JsonResponse:
    """Answer with the status and the text of ``error``."""
    return JsonResponse({"error": sentence(error.message)}, status=error.status)


def _step(step: Mapping[str, Any]) -> dict[str, Any]:
    translated = kept_text(step.get("message"), otherwise=step["text"])
    return {**step, "name": gettext(step["name"]), "text": translated}


def _observed(each: Mapping[str, Any]) -> dict[str, Any]:
    messages = each.get("messages", {})
    texts = {
        name: kept_text(messages.get(name), otherwise=each[name])
        for name in ("text", "expected", "actual")
    }
    return {**each, **texts, "name": gettext(each["name"])}
