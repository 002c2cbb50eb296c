"""One request or response, as the drawing of messages shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from base.message import Message

Outcome: TypeAlias = Literal["delivered", "lost", "unknown", "late", "refused"]

MOST_CROSSINGS = 1_000
"""Calls of one trace whose messages are listed: the first ones; a drawing of more is unreadable."""


@dataclass(frozen=True, slots=True)
class SentMessage:
    """One request or response. Times are Unix nanoseconds, each by its own service's clock.

    A response whose sending is in nobody's records counts as sent when it came, and a request
    likewise.
    """

    id: str
    kind: Literal["request", "response"]
    sender: str
    receiver: str
    sent: int
    received: int | None
    outcome: Outcome
    label: str | Message
    error_kind: str = ""
    span_id: str = ""
    gave_up: int | None = None
