"""The response of every process's ``/readyz``."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from base import loops

if TYPE_CHECKING:
    from collections.abc import Iterable

    from base.message import Message


def readiness(service: str, more: Iterable[Message] = ()) -> tuple[int, dict[str, Any]]:
    """Return status and body: 200, or 503 with the ``problems``, of loops and those of ``more``.

    ``errors`` counts, by name, the errors since the start of the process from which it recovered.
    """
    problems = [*more, *loops.problems()]
    body: dict[str, Any] = {"ok": not problems, "service": service}
    if problems:
        body["problems"] = [problem.as_json() for problem in problems]
    if counted := loops.errors():
        body["errors"] = counted
    return HTTPStatus.SERVICE_UNAVAILABLE if problems else HTTPStatus.OK, body
