"""Messages: codes with parameters, rendered as a sentence in the reader's language."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Letters of right-to-left scripts, and the characters that turn what follows them.
_TURNED = frozenset({"R", "AL", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI", "PDF", "PDI"})

Parameter: TypeAlias = "str | int | float | Message | tuple[Parameter, ...]"


class Text(Protocol):
    """A text with ``%(name)s`` placeholders: a string, or a lazy translation."""

    def __mod__(self, values: Any, /) -> Any:
        """Substitute the placeholders."""


@dataclass(frozen=True, slots=True)
class Message:
    """A code, and the parameters of its sentence; one may be a message itself, or a list."""

    code: str
    params: Mapping[str, Parameter] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return ``{"code": …, "params": {…}}``, its form on the wire and in storage."""
        return {
            "code": self.code,
            "params": {name: _as_json(value) for name, value in self.params.items()},
        }


def from_json(data: Mapping[str, Any]) -> Message:
    """Read the result of `Message.as_json`.

    :raises KeyError: ``data`` has no code.
    """
    params = data.get("params", {})
    return Message(str(data["code"]), {name: _from_json(params[name]) for name in params})


def render(
    message: Message, texts: Mapping[str, Text], *, number: Callable[[int], str] = str
) -> str:
    """Return the sentence of ``message``; ``texts`` maps codes to texts.

    The items of a list are separated by commas; ``number`` formats integers.

    :raises KeyError: ``texts`` lacks the code, or the message lacks a parameter.
    """

    def value_of(value: Parameter) -> object:
        if isinstance(value, Message):
            return render(value, texts, number=number)
        if isinstance(value, tuple):
            return ", ".join(str(value_of(item)) for item in value)
        if isinstance(value, int):
            return _Number(value, number(value))
        return _isolated(value) if isinstance(value, str) else value

    values = {name: value_of(value) for name, value in message.params.items()}
    return str(texts[message.code] % values)


def _isolated(text: str) -> str:
    """``text``, which turns nothing round it when it is written from right to left.

    What senders write stands in the middle of a sentence: bidirectional isolates keep it there.
    """
    if text.isascii() or _TURNED.isdisjoint(map(unicodedata.bidirectional, text)):
        return text
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


class _Number(int):
    """An integer with its formatted text: gettext chooses the plural form by the value."""

    text: str

    def __new__(cls, value: int, text: str) -> Self:
        number = super().__new__(cls, value)
        number.text = text
        return number

    def __str__(self) -> str:
        return self.text


def _as_json(value: Parameter) -> Any:
    if isinstance(value, Message):
        return value.as_json()
    return [_as_json(item) for item in value] if isinstance(value, tuple) else value


def _from_json(value: Any) -> Parameter:
    if isinstance(value, dict):
        return from_json(value)
    if isinstance(value, list):
        return tuple(_from_json(item) for item in value)
    parameter: str | int | float = value
    return parameter


def gettext_noop(text: str) -> str:
    """Mark ``text`` for the translation catalogue; `render` takes its translation."""
    return text
