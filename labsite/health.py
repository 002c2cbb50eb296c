"""Whether a process is alive, and whether it can do its work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import Error, connection
from django.http import JsonResponse

if TYPE_CHECKING:
    from django.http import HttpRequest


def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 while the process runs."""
    return JsonResponse({"ok": True, "service": settings.LAB_SERVICE})


def readyz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers too, else 503 with the reason."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        return JsonResponse(
            {"ok": False, "service": settings.LAB_SERVICE, "error": str(error)}, status=503
        )
    return JsonResponse({"ok": True, "service": settings.LAB_SERVICE})
