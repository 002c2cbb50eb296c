"""The guard of the observer's pages and calls: host, origin, body size, content security policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from base.patience import LONGEST_SECONDS, patience
from labsite.http.daphne_errors import MAX_TELEMETRY_BYTES
from service.answers import json_error, refusal
from service.errors import RefusedError
from service.guard import check, database_failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    GetResponse = Callable[[HttpRequest], HttpResponseBase]

_FOR_MACHINES = ("/api/", "/internal/", "/healthz", "/readyz")


class PageGuard:
    """Allows the page's origin and scripts of this machine; adds the content security policy."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response
        self._policy = content_security_policy(settings.LAB_CLIENT_URL)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer or refuse ``request``."""
        response: HttpResponseBase
        try:
            check(request, max_body_bytes=MAX_TELEMETRY_BYTES)
        except RefusedError as error:
            response = refusal(error)
        else:
            with patience(LONGEST_SECONDS):
                response = self._get_response(request)
            if request.path.startswith(_FOR_MACHINES):
                response = json_error(response)
        response.headers.setdefault("Content-Security-Policy", self._policy)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 503 where the database can't be used now."""
        return database_failure(request, error)


def content_security_policy(client_url: str) -> str:
    """Return the policy: the page may load itself, and call the API through its link."""
    links = " ".join(
        client_url.replace("//localhost", f"//{host}", 1) for host in ("localhost", "127.0.0.1")
    )
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        f" font-src 'self'; connect-src 'self' {links}; manifest-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
