"""How Django REST framework says what it refuses by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework.views import exception_handler

if TYPE_CHECKING:
    from rest_framework.response import Response


def error_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer ``{error}`` where the framework answers ``{detail}``."""
    response = exception_handler(error, context)
    if response is not None and isinstance(response.data, dict) and "detail" in response.data:
        response.data = {"error": str(response.data["detail"])}
    return response
