"""Faults as JSON, with a sentence in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy

from base.faults import texts as fault_texts
from base.message import render
from service import lab_errors

if TYPE_CHECKING:
    from datetime import datetime

    from base.message import Message
    from faults.errors import HolderError
    from faults.fault import Fault

_TRANSLATED = {code: gettext_lazy(text) for code, text in fault_texts.TEXTS.items()}


def sentence(message: Message) -> str:
    """Return the text of a message about faults, in the language in force."""
    return render(message, _TRANSLATED)


def as_json(
    fault: Fault, *, now: datetime, heal_error: HolderError | None = None
) -> dict[str, Any]:
    """Serialize ``fault``, with a sentence in the language in force as ``words``.

    ``state`` is ``in_force``, ``healing`` once its time is over, or ``heal_failed``, with the
    reason as ``healProblem``, while it is tried again.
    """
    state = "healing" if fault.is_over(now) else "in_force"
    remaining = fault.remaining_seconds(now)
    data: dict[str, Any] = {
        "id": fault.id,
        "target": fault.target,
        "kind": fault.kind,
        "level": fault.level,
        "parameters": dict(fault.parameters),
        "createdAt": fault.created_at.isoformat(),
        "expiresAt": None if fault.expires_at is None else fault.expires_at.isoformat(),
        "remainingSeconds": None if remaining is None else round(remaining, 3),
        "setBy": fault.set_by,
        "hidden": fault.hidden,
        "state": "heal_failed" if heal_error else state,
        "healProblem": _reason(heal_error) if heal_error else "",
    }
    return {**data, "words": sentence(fault_texts.fault_message(data))}


def _reason(error: HolderError) -> str:
    return lab_errors.sentence(error.cause) if error.cause else str(error)
