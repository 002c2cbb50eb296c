"""Messages of the evidence become sentences here, in the language in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language

from base import message as messages
from evidence.calls.texts import TEXTS as TEXTS_OF_CALLS
from evidence.model.journal import TEXTS as TEXTS_OF_LINKS
from evidence.model.moment import renewed_moment
from evidence.orders.texts import TEXTS as TEXTS_OF_ORDERS
from evidence.prompt import prompt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from base.message import Message, Text

TEXTS: Mapping[str, Text] = {**TEXTS_OF_ORDERS, **TEXTS_OF_CALLS, **TEXTS_OF_LINKS}
"""The text of every code."""


def text_of(message: Message) -> str:
    """Return the sentence of ``message``.

    :raises KeyError: no text has its code, or the message lacks a parameter.
    """
    return messages.render(message, TEXTS, number="{:,}".format)


def rendered(evidence: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer of ``/api/traces/{traceId}/evidence``, its texts in the language in force.

    So an answer that was stored in one language is read in another. A text without a code stays
    as it is: it is a name, or was stored before messages had codes.
    """
    diagnosis = evidence["diagnosis"]
    found = {
        **evidence,
        "diagnosis": {
            **_renewed(diagnosis, "headline"),
            "sentences": _each(diagnosis["sentences"], "text"),
        },
        "checklist": [
            {**entry, "missing": _each(entry["missing"], "why")} for entry in evidence["checklist"]
        ],
        "truths": {
            **evidence["truths"],
            "moments": [
                renewed_moment(moment, _renewed) for moment in evidence["truths"]["moments"]
            ],
        },
        "messages": _each(evidence["messages"], "label"),
    }
    return {**found, "prompt": prompt(found)} if "records" in found else found


def _each(parts: Sequence[Mapping[str, Any]], name: str) -> list[dict[str, Any]]:
    return [_renewed(part, name) for part in parts]


def _renewed(part: Mapping[str, Any], name: str) -> dict[str, Any]:
    """``part`` with the text ``name`` made from the code beside it, where that is known."""
    if not part.get("code"):
        return dict(part)
    try:
        text = text_of(messages.from_json(part))
    except KeyError:
        return dict(part)
    is_title = name == "headline" and not str(part["code"]).startswith("calls.")
    return {**part, name: _capitalized(text) if is_title else text}


def _capitalized(text: str) -> str:
    """``text`` with a capital at its head, where English is written; "worker" keeps its form."""
    is_english = (get_language() or "en").startswith("en")
    return text[:1].upper() + text[1:] if is_english else text
