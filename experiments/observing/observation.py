"""An observation: what was expected beside what was found, in English and as messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from base.message import Message
from experiments.texts import english, joined

if TYPE_CHECKING:
    from collections.abc import Iterable


class Observation(TypedDict):
    """What a probe of the method returns, as it stands in Chaos Toolkit's journal.

    ``messages`` has ``text``, ``expected`` and ``actual`` once more, each ``{code, params}``.
    """

    text: str
    expected: str
    actual: str
    ok: bool
    messages: dict[str, dict[str, Any]]


def observation(text: Message, *, expected: Message, actual: Message, ok: bool) -> Observation:
    """Put an observation into English; its messages are kept beside it for other languages."""
    return {
        "text": english(text),
        "expected": english(expected),
        "actual": english(actual),
        "ok": ok,
        "messages": {
            "text": text.as_json(),
            "expected": expected.as_json(),
            "actual": actual.as_json(),
        },
    }


def of_each(text: Message, values: Iterable[Message], *, expected: Message) -> Observation:
    """Observe a value of each order, which must be ``expected``; there must be an order at all."""
    found = list(values)
    ok = bool(found) and all(each == expected for each in found)
    return observation(text, expected=expected, actual=counted(found), ok=ok)


def share(
    text: Message, count: int, *, orders: int, at_least: int, at_most: int | None
) -> Observation:
    """Observe how many of ``orders`` have something; there must be an order at all."""
    return observation(
        text,
        expected=_bounds(at_least, at_most),
        actual=Message("value.share", {"some": count, "all": orders}),
        ok=bool(orders) and count >= at_least and (at_most is None or count <= at_most),
    )


def counted(values: Iterable[Message]) -> Message:
    """Say which values there are, and how often each when they differ; the most frequent first."""
    counts: list[tuple[Message, int]] = []
    listed = list(values)
    for value in listed:
        if all(value != other for other, _ in counts):
            counts.append((value, listed.count(value)))
    if not counts:
        return Message("value.no_order")
    if len(counts) == 1:
        return counts[0][0]
    counts.sort(key=lambda each: -each[1])
    parts = [Message("value.counted", {"value": value, "count": count}) for value, count in counts]
    return joined(parts, "value.next")


def _bounds(at_least: int, at_most: int | None) -> Message:
    if at_most is None:
        return Message("value.at_least", {"count": at_least})
    if not at_least:
        return Message("value.at_most", {"count": at_most})
    return Message("value.between", {"least": at_least, "most": at_most})
