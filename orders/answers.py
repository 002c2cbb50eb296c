"""JSON answers and the one shape of an error."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import orjson
from django.http import HttpResponse

if TYPE_CHECKING:
    from django.http import HttpRequest

    from orders.wire import BadRequestError

log = logging.getLogger("orders")


def answer(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    """Answer with ``data`` as JSON."""
    body = orjson.dumps(data)
    # Of known length, so that the server need not send it in chunks.
    headers = {**(headers or {}), "Content-Length": str(len(body))}
    return HttpResponse(body, content_type="application/json", status=status, headers=headers)


def refuse(request: HttpRequest, error: BadRequestError, status: int = 400) -> HttpResponse:
    """Refuse a request that the contract does not allow, and say so in the log."""
    log.warning(
        "request refused",
        extra={
            "httpStatus": status,
            "reason": str(error),
            "path": request.path,
            "field": error.field,
        },
    )
    body = {"error": str(error)}
    if error.field is not None:
        body["field"] = error.field
    return answer(body, status)
