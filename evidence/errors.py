"""Why there is no evidence to give, each with its HTTP status where it has one: a closed list."""

from __future__ import annotations

from typing import ClassVar


class UnknownRequestError(LookupError):
    """A lab was asked for evidence and has no trace under this name."""


class RefusedError(Exception):
    """A request of the HTTP API is answered without evidence; the text is for its reader."""

    http_status: ClassVar[int]
    field: str | None = None


class BadParameterError(RefusedError):
    """A parameter of the address is not what it has to be; ``field`` names it."""

    http_status = 400

    def __init__(self, text: str, *, field: str) -> None:
        super().__init__(text)
        self.field = field


class NoRecordError(RefusedError):
    """No record of the trace is stored."""

    http_status = 404
