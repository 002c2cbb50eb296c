"""Errors of settings, commands, deadlines and calls to the lab."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from base.message import Message, gettext_noop, render

if TYPE_CHECKING:
    from base.message import Parameter


class BadSettingError(ValueError):
    """An environment variable has an invalid value; the message names both."""


class CommandFailedError(Exception):
    """A command could not be run, or failed without ``may_fail``; the message has its output."""


class DeadlineExceededError(Exception):
    """A call, connecting included, took longer than its deadline allows."""

    def __init__(self, *, connected: bool) -> None:
        super().__init__("the call's deadline has passed")
        self.connected = connected


class LabFailure(StrEnum):
    """How a call to the lab failed."""

    UNREACHABLE = "unreachable"
    """There was no connection, or it broke before a response."""
    TIMED_OUT = "timed_out"
    """There was no complete response before the deadline."""
    REFUSED = "refused"
    """The response has an error status."""
    BAD_ANSWER = "bad_answer"
    """The response is not JSON, or is too long."""


LAB_TEXTS = {
    "lab.unreachable": gettext_noop("%(url)s can't be reached (%(detail)s)"),
    "lab.timed_out": gettext_noop("%(url)s did not answer in %(seconds)s s"),
    "lab.refused": gettext_noop("%(url)s answered %(status)s: %(detail)s"),
    "lab.bad_answer": gettext_noop("%(url)s gave an answer that is not the lab's (%(detail)s)"),
}
"""The texts of `LabError.message`."""


class LabError(Exception):
    """A call to the lab failed; ``message`` is why, the text of the exception is English.

    ``detail`` is the ``error`` of the response, or how the connection failed. ``body`` is the JSON
    of an error response, if any. ``sent`` is False when certainly no byte of the request was sent.
    """

    def __init__(
        self,
        failure: LabFailure,
        *,
        url: str,
        status: int | None = None,
        detail: str = "",
        body: object = None,
        seconds: float = 0.0,
        sent: bool = True,
    ) -> None:
        self.failure = failure
        self.url = url
        self.status = status
        self.detail = detail
        self.body = body
        self.sent = sent
        params: dict[str, Parameter] = {
            "url": url,
            "status": status or 0,
            "detail": detail,
            "seconds": f"{seconds:g}",
        }
        self.message = Message(f"lab.{failure}", params)
        super().__init__(render(self.message, LAB_TEXTS))
