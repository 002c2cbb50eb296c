"""Whether a process is alive, and whether it can do its work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import Error, connection
from django.http import JsonResponse

from base.message import Message
from base.patience import patience
from base.process.readiness import readiness
from service.storage import LOOK_SECONDS, STORAGE

if TYPE_CHECKING:
    from django.http import HttpRequest


def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 while the process runs."""
    return JsonResponse({"ok": True, "service": settings.LAB_SERVICE})


def readyz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers and every loop goes on, else 503 with the problems."""
    status, body = readiness_of_this_process()
    return JsonResponse(body, status=status)


def readiness_of_this_process() -> tuple[int, dict[str, Any]]:
    """Return the status and the body of ``/readyz``."""
    found = [*STORAGE.problems()]
    if not found and not STORAGE.watches:
        found = _database_problems()
    return readiness(settings.LAB_SERVICE, found)


def _database_problems() -> list[Message]:
    try:
        with patience(LOOK_SECONDS), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        # One that is broken would fail every later look of this thread.
        connection.close()
        return [Message("database", {"error": str(error)})]
    return []
