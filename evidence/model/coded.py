"""A message on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict, cast

if TYPE_CHECKING:
    from base.message import Message


class CodeJson(TypedDict):
    """`base.message.Message` on the wire."""

    code: str
    params: dict[str, Any]


def code_json(message: Message) -> CodeJson:
    """Return ``message`` as it goes over the wire."""
    return cast("CodeJson", message.as_json())
