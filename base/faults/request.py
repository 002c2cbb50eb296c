"""Validation of a requested fault's fields, the same at every level. Pure.

An error is a code with parameters: `TEXTS` has the English sentences, which a room may translate.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeGuard

from base.message import Message, Parameter, gettext_noop, render

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

MAX_TTL_SECONDS = 86_400
MAX_MS = 600_000
LOWEST_STATUS, HIGHEST_STATUS = 500, 599
_MAX_ID_LENGTH = 100
_MAX_TEXT_LENGTH = 200

TEXTS = {
    "object": gettext_noop("the body must be a JSON object"),
    "boolean": gettext_noop("%(field)s must be true or false"),
    "string": gettext_noop("%(field)s must be a string of 1 to %(highest)s characters"),
    "text": gettext_noop("%(field)s must be a string of up to %(highest)s characters"),
    "one_of": gettext_noop("%(field)s must be one of %(known)s"),
    "one_of_for": gettext_noop("%(field)s must be one of %(known)s for %(subject)s"),
    "not_ours": gettext_noop("%(target)s is started by somebody else: break a link to it"),
    "no_parameter": gettext_noop("%(kind)s has no parameter %(field)s"),
    "integer": gettext_noop("%(field)s must be a whole number from %(lowest)s to %(highest)s"),
    "number": gettext_noop("%(field)s must be a number from %(lowest)s to %(highest)s"),
    "samples": gettext_noop("%(field)s must be the text of a file, or a list, of milliseconds"),
    "samples_none": gettext_noop("%(field)s has no numbers"),
    "samples_many": gettext_noop("%(field)s has more than %(highest)s numbers"),
    "samples_number": gettext_noop(
        "%(field)s, %(place)s: “%(value)s” is no number of milliseconds from 0 to %(highest)s"
    ),
    "samples_missing": gettext_noop("%(field)s is missing: a recorded delay is drawn from it"),
    "number_over": gettext_noop("%(field)s must be a number over 0 and at most %(highest)s"),
}


class FaultRequestError(ValueError):
    """A field of a requested fault is unknown, missing, of the wrong type or out of its range.

    ``message`` is why, ``field`` the name of the field; the text of the exception is English.
    """

    def __init__(self, code: str, *, field: str = "", **params: Parameter) -> None:
        self.message = Message(code, {"field": field, **params})
        self.field = field
        super().__init__(render(self.message, TEXTS))


@dataclass(frozen=True, slots=True)
class FaultRequest:
    """A fault for one of the lab's processes; ``ttl_seconds`` is None for no end."""

    id: str
    target: str
    kind: str
    ttl_seconds: float | None


def read(body: object, *, allowed: Mapping[str, Collection[str]]) -> FaultRequest:
    """Read ``{id, target, kind, ttlSeconds?}``; ``allowed`` maps targets to their kinds.

    :raises FaultRequestError: a field is invalid.
    """
    given = as_object(body)
    fault_id = string(given.get("id"), field="id", highest=_MAX_ID_LENGTH)
    target = one_of(given.get("target"), allowed, field="target")
    kind = one_of(given.get("kind"), allowed[target], field="kind", subject=target)
    return FaultRequest(fault_id, target, kind, ttl_seconds(given.get("ttlSeconds")))


def as_object(value: object) -> dict[str, Any]:
    """Return a JSON object as a new dict.

    :raises FaultRequestError: it is none.
    """
    if not isinstance(value, dict):
        raise FaultRequestError("object")
    return dict(value)


def ttl_seconds(value: object) -> float | None:
    """Return the seconds after which the fault ends by itself; None for never.

    :raises FaultRequestError: it is no number over 0 and at most `MAX_TTL_SECONDS`.
    """
    if value is None:
        return None
    if not _is_number(value) or not 0 < value <= MAX_TTL_SECONDS:
        raise FaultRequestError("number_over", field="ttlSeconds", highest=MAX_TTL_SECONDS)
    return float(value)


def integer(value: object, *, field: str, lowest: int, highest: int) -> int:
    """Return a whole number.

    :raises FaultRequestError: it is none, or not from ``lowest`` to ``highest``.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        raise FaultRequestError("integer", field=field, lowest=lowest, highest=highest)
    return value


def number(value: object, *, field: str, lowest: float, highest: float) -> float:
    """Return a number.

    :raises FaultRequestError: it is none, or not from ``lowest`` to ``highest``.
    """
    if not _is_number(value) or not lowest <= value <= highest:
        raise FaultRequestError("number", field=field, lowest=lowest, highest=highest)
    return float(value)


def boolean(value: object, *, field: str) -> bool:
    """Return true or false.

    :raises FaultRequestError: it is neither.
    """
    if not isinstance(value, bool):
        raise FaultRequestError("boolean", field=field)
    return value


def string(value: object, *, field: str, highest: int) -> str:
    """Return a string that is not empty and has at most ``highest`` characters.

    :raises FaultRequestError: it is none.
    """
    if not isinstance(value, str) or not 0 < len(value) <= highest:
        raise FaultRequestError("string", field=field, highest=highest)
    return value


def text(value: object, *, field: str) -> str:
    """Return a string of at most `_MAX_TEXT_LENGTH` characters.

    :raises FaultRequestError: it is none.
    """
    if not isinstance(value, str) or len(value) > _MAX_TEXT_LENGTH:
        raise FaultRequestError("text", field=field, highest=_MAX_TEXT_LENGTH)
    return value


def one_of(value: object, known: Collection[str], *, field: str, subject: str = "") -> str:
    """Return one of the ``known`` strings; ``subject`` is named in the error.

    :raises FaultRequestError: it is none of them.
    """
    if isinstance(value, str) and value in known:
        return value
    listed = ", ".join(known)
    if subject:
        raise FaultRequestError("one_of_for", field=field, known=listed, subject=subject)
    raise FaultRequestError("one_of", field=field, known=listed)


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
