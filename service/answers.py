"""JSON answers, and the one shape of a refusal."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from django.http import HttpResponse

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from service.errors import RefusedError

log = logging.getLogger("service")

_JSON = "application/json"


def answer(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    """Answer with ``data`` as JSON."""
    body = orjson.dumps(data)
    # Of known length, so that the server need not send it in chunks.
    headers = {**(headers or {}), "Content-Length": str(len(body))}
    return HttpResponse(body, content_type=_JSON, status=status, headers=headers)


def refusal(error: RefusedError) -> HttpResponse:
    """Answer ``{error, field?}`` and its details with the status of ``error``."""
    body = {"error": str(error), **error.details}
    if error.field is not None:
        body["field"] = error.field
    headers = {}
    if error.retry_after_seconds is not None:
        headers["Retry-After"] = str(error.retry_after_seconds)
    return answer(body, error.http_status, headers)


def json_error(response: HttpResponseBase) -> HttpResponseBase:
    """Return an error of Django's as JSON; any other response as it is."""
    status = response.status_code
    if status < HTTPStatus.BAD_REQUEST or response.headers.get("Content-Type") == _JSON:
        return response
    as_json = answer({"error": HTTPStatus(status).phrase.lower()}, status)
    for name in ("Allow", "Retry-After", "Vary"):
        if name in response.headers:
            as_json.headers[name] = response.headers[name]
    return as_json


def refuse(request: HttpRequest, error: RefusedError) -> HttpResponse:
    """Refuse a request of a client or of the other service, and log it."""
    log.warning(
        error.log_message,
        extra={
            "httpStatus": error.http_status,
            "reason": str(error),
            "path": request.path,
            "field": error.field,
        },
    )
    return refusal(error)
