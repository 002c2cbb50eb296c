"""Serving the page's own files straight from the rooms: there is no collecting step to forget."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING, TypeVar

from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler, StaticFilesHandler

if TYPE_CHECKING:
    from django.http import FileResponse, HttpRequest, HttpResponse

Response = TypeVar("Response", bound="HttpResponse | FileResponse")

# Windows reads these from its registry, where other programs overwrite them; a module of the
# wrong type is refused by every browser.
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("text/css", ".css")
mimetypes.add_type("image/svg+xml", ".svg")


class AsyncStaticFiles(ASGIStaticFilesHandler):
    """Static files of the observer."""

    def serve(self, request: HttpRequest) -> HttpResponse | FileResponse:
        """Serve one file, to be asked about again next time."""
        return _always_revalidated(super().serve(request))


class StaticFiles(StaticFilesHandler):
    """Static files of the api's documentation."""

    def serve(self, request: HttpRequest) -> HttpResponse | FileResponse:
        """Serve one file, to be asked about again next time."""
        return _always_revalidated(super().serve(request))


def _always_revalidated(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
