"""The doors of the processes: host, origin, body size, CORS, content security policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers

from labsite.guard import SAFE_METHODS, refused_host, refused_origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    GetResponse = Callable[[HttpRequest], HttpResponseBase]

_MAX_IMPORT_BYTES = 64 * 1024 * 1024
_CORS_HEADERS = "content-type, traceparent, tracestate, baggage, x-request-id, idempotency-key"
_CORS_EXPOSED = "Location, X-Request-Id, Retry-After, Idempotency-Key, Idempotency-Replayed"
_DOCS = "/api/docs"


def _refusal(request: HttpRequest, *, max_body_bytes: int) -> HttpResponse | None:
    meta = request.META
    if refused_host(meta.get("HTTP_HOST", ""), settings.ALLOWED_HOSTS):
        return JsonResponse({"error": "this host name is not served here"}, status=400)
    if request.method not in SAFE_METHODS and refused_origin(
        meta.get("HTTP_ORIGIN", ""),
        meta.get("HTTP_SEC_FETCH_SITE", "") if "HTTP_ORIGIN" not in meta else "",
        settings.LAB_PAGE_ORIGINS,
    ):
        return JsonResponse({"error": "a page of another origin may not do this"}, status=403)
    length = meta.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > max_body_bytes:
        return JsonResponse({"error": f"the body is over {max_body_bytes} bytes"}, status=413)
    return None


class ServiceGuard:
    """The door of the api and the worker: loopback's own callers, and the page by CORS."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer or refuse ``request``; let the page of the lab read the answer."""
        origin = request.META.get("HTTP_ORIGIN", "")
        response: HttpResponseBase | None = _refusal(
            request, max_body_bytes=settings.LAB_MAX_BODY_BYTES
        )
        if response is None:
            if request.method == "OPTIONS" and origin in settings.LAB_PAGE_ORIGINS:
                response = _preflight()
            else:
                # Which calls are the lab's own is said by the URLs, not by a token in a form.
                request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined] # Django's own switch
                response = self._get_response(request)
        if origin:
            _let_read(response, origin)
        response.headers["X-Content-Type-Options"] = "nosniff"
        if request.path.startswith(_DOCS):
            response.headers["Content-Security-Policy"] = (
                "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline';"
                " frame-ancestors 'none'; base-uri 'none'"
            )
        return response


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


class PageGuard:
    """The door of the observer: the page's origin and scripts of this machine, nothing inline."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response
        self._policy = content_security_policy(settings.LAB_CLIENT_URL)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer or refuse ``request``."""
        response: HttpResponseBase | None = _refusal(request, max_body_bytes=_MAX_IMPORT_BYTES)
        if response is None:
            # The origin has been checked for every method that changes something; a token would
            # only keep curl and scripts out.
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined] # Django's own switch
            response = self._get_response(request)
        response.headers.setdefault("Content-Security-Policy", self._policy)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        return response


def content_security_policy(client_url: str) -> str:
    """Name all that the page may load or call: itself, and the API through its link."""
    links = " ".join(
        client_url.replace("//localhost", f"//{host}", 1) for host in ("localhost", "127.0.0.1")
    )
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        f" font-src 'self'; connect-src 'self' {links}; manifest-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
