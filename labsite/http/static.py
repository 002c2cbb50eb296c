"""Serving static files straight from the rooms, without ``collectstatic``."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.exceptions import SuspiciousFileOperation
from django.http import HttpResponseNotFound

from labsite.http.assets import current
from service.answers import json_error

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from django.http import FileResponse, HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from labsite.http.assets import File

    Scope = dict[str, Any]
    Receive = Callable[[], Awaitable[dict[str, Any]]]
    Send = Callable[[dict[str, Any]], Awaitable[None]]
    Application = Callable[[Scope, Receive, Send], Awaitable[None]]

Response = TypeVar("Response", bound="HttpResponse | FileResponse")

_VERSIONED = re.compile(r"([0-9a-f]{16})/(.*)", re.DOTALL)
_REVALIDATED = "no-cache"
_FOR_GOOD = "public, max-age=31536000, immutable"
_HEADERS = {
    "Cache-Control": _REVALIDATED,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class StaticFilesApp:
    """Static files of the observer, from memory; all else is passed to ``application``.

    A browser requests what a page begins with at once: Django's handler would serve it one after
    another, each in a thread.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to a request for a file.

        Under the hash of all files it is kept by the browser for good; else it is revalidated.
        """
        path = scope["path"]
        if not path.startswith(settings.STATIC_URL) or scope["method"] not in ("GET", "HEAD"):
            await self._application(scope, receive, send)
            return
        assets = current()
        path = path.removeprefix(settings.STATIC_URL)
        versioned = _VERSIONED.fullmatch(path)
        # A page of an earlier version gets what there is now, and must not keep it.
        kept = versioned is not None and versioned[1] == assets.version
        path = versioned[2] if versioned else path
        # What is still to be made takes time, for which nobody else waits.
        file = assets.made(path) or await asyncio.to_thread(assets.find, path)
        if file is None:
            await _answer(send, 404, {"Content-Type": "text/plain"}, b"not found")
            return
        given = {name: value.decode("latin-1") for name, value in scope["headers"]}
        await _send(send, file, given, kept=kept, head=scope["method"] == "HEAD")


async def _send(
    send: Send, file: File, given: Mapping[bytes, str], *, kept: bool, head: bool
) -> None:
    packed = file.gzipped if "gzip" in given.get(b"accept-encoding", "") else None
    etag = file.etag if packed is None else f'{file.etag[:-1]}-gzip"'
    headers = {
        **_HEADERS,
        "Cache-Control": _FOR_GOOD if kept else _REVALIDATED,
        "ETag": etag,
        "Content-Type": file.type,
        "Vary": "Accept-Encoding",
    }
    if etag in given.get(b"if-none-match", ""):
        await _answer(send, 304, headers)
        return
    if packed is not None:
        headers["Content-Encoding"] = "gzip"
    await _answer(send, 200, headers, b"" if head else packed or file.content)


async def _answer(
    send: Send, status: int, headers: Mapping[str, str], content: bytes = b""
) -> None:
    listed = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": listed})
    await send({"type": "http.response.body", "body": content})


class StaticFiles(StaticFilesHandler):
    """Static files of the api's documentation."""

    def serve(self, request: HttpRequest) -> HttpResponse | FileResponse:
        """Serve one file, which the browser revalidates each time."""
        return _always_revalidated(super().serve(request))

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        """Answer what is not there in JSON, as the rest of the api does."""
        try:
            return json_error(super().get_response(request))
        except (SuspiciousFileOperation, OSError, ValueError):
            # Such a path leaves the directory, or no file can have it.
            return json_error(HttpResponseNotFound())


def _always_revalidated(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers[name] = value
    return response
