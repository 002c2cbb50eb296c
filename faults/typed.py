"""A fault as somebody types it: ``TARGET KIND [name=value …]``. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from faults.fault import FaultError

if TYPE_CHECKING:
    from collections.abc import Sequence


def described(words: Sequence[str], *, set_by: str) -> dict[str, Any]:
    """Turn words into what `faults.asked.read` reads.

    :raises FaultError: they are no target, kind and ``name=value`` pairs.
    """
    if len(words) < 2:
        raise FaultError("a fault is a target, a kind and, where it takes them, name=value")
    body: dict[str, Any] = {"target": words[0], "kind": words[1], "setBy": set_by}
    for pair in words[2:]:
        name, sign, value = pair.partition("=")
        if not sign:
            raise FaultError(f"{pair!r} is not name=value")
        body[name] = _number(value) if name != "level" else value
    return body


def several(text: str, *, set_by: str) -> list[dict[str, Any]]:
    """Read faults with semicolons between them, as ``LAB_FAULTS`` has them.

    :raises FaultError: one of them is none.
    """
    return [described(each.split(), set_by=set_by) for each in text.split(";") if each.strip()]


def _number(text: str) -> int | float | str:
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text
