"""Who may call a process: checked by host, origin and body size before anything else is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers

from base.numbers import whole_number
from base.patience import LONGEST_SECONDS, patience
from service.answers import json_error, refusal, refuse
from service.errors import (
    BodyTooLongError,
    ForeignOriginError,
    HostNotServedError,
    NulInAddressError,
    RefusedError,
    StorageError,
    UnknownOutcomeError,
)
from service.origin import SAFE_METHODS, refused_host, refused_origin
from service.storage import STORAGE, is_unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    GetResponse = Callable[[HttpRequest], HttpResponseBase]

_CORS_HEADERS = "content-type, traceparent, tracestate, baggage, x-request-id, idempotency-key"
_CORS_EXPOSED = "Location, X-Request-Id, Retry-After, Idempotency-Key, Idempotency-Replayed"
_DOCS = "/api/docs"


def check(request: HttpRequest, *, max_body_bytes: int) -> None:
    """Let a request pass whose host, origin and length of body are allowed.

    :raises RefusedError: one of them is not.
    """
    meta = request.META
    if refused_host(meta.get("HTTP_HOST", ""), settings.ALLOWED_HOSTS):
        raise HostNotServedError
    if request.method not in SAFE_METHODS and refused_origin(
        meta.get("HTTP_ORIGIN", ""),
        meta.get("HTTP_SEC_FETCH_SITE", "") if "HTTP_ORIGIN" not in meta else "",
        settings.LAB_PAGE_ORIGINS,
    ):
        raise ForeignOriginError
    if "\0" in request.path_info or "%00" in meta.get("QUERY_STRING", ""):
        raise NulInAddressError
    length = meta.get("CONTENT_LENGTH") or "0"
    if whole_number(length, highest=max_body_bytes) is None:
        raise BodyTooLongError(max_bytes=max_body_bytes)


class ServiceGuard:
    """Lets callers on this machine into the api and the worker, and the page by CORS."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer or refuse ``request``; let the page of the lab read the answer."""
        origin = request.META.get("HTTP_ORIGIN", "")
        response: HttpResponseBase
        try:
            check(request, max_body_bytes=settings.LAB_MAX_BODY_BYTES)
        except RefusedError as error:
            response = refusal(error)
        else:
            if request.method == "OPTIONS" and origin in settings.LAB_PAGE_ORIGINS:
                response = _preflight()
            else:
                with patience(LONGEST_SECONDS):
                    response = json_error(self._get_response(request))
        if origin:
            _let_read(response, origin)
        if request.path.startswith(_DOCS):
            response.headers["Content-Security-Policy"] = (
                "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline';"
                " frame-ancestors 'none'; base-uri 'none'"
            )
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 503 where the database can't be used now."""
        return database_failure(request, error)


def database_failure(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """Refuse a request, with the reason, if ``error`` is that its database is unavailable."""
    if isinstance(error, UnknownOutcomeError):
        return refuse(request, error)
    if not is_unavailable(error):
        return None
    STORAGE.failed(error)
    return refuse(request, StorageError(error))


def _preflight() -> HttpResponse:
    response = HttpResponse(status=204)
    response.headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
    response.headers["Access-Control-Allow-Headers"] = _CORS_HEADERS
    response.headers["Access-Control-Max-Age"] = "600"
    return response


def _let_read(response: HttpResponseBase, origin: str) -> None:
    patch_vary_headers(response, ["Origin"])
    if origin in settings.LAB_PAGE_ORIGINS:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = _CORS_EXPOSED
