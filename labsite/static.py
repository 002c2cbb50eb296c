"""Serving the page's own files straight from the rooms: there is no collecting step to forget."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from posixpath import normpath
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.exceptions import SuspiciousFileOperation

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from django.http import FileResponse, HttpRequest, HttpResponse

    Scope = dict[str, Any]
    Receive = Callable[[], Awaitable[dict[str, Any]]]
    Send = Callable[[dict[str, Any]], Awaitable[None]]
    Application = Callable[[Scope, Receive, Send], Awaitable[None]]

Response = TypeVar("Response", bound="HttpResponse | FileResponse")

# Windows reads these from its registry, where other programs overwrite them; a module of the
# wrong type is refused by every browser.
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("text/css", ".css")
mimetypes.add_type("image/svg+xml", ".svg")


_HEADERS = {
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    type: str
    etag: str


class StaticDoor:
    """Static files of the observer, from memory; all else goes on to ``application``.

    The page has some forty modules and a browser asks for all of them at once: answered one after
    another by Django's own handler, each on a thread, they took half a second.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for a file, which the browser asks about again each time."""
        path = scope["path"]
        if not path.startswith(settings.STATIC_URL) or scope["method"] not in ("GET", "HEAD"):
            await self._application(scope, receive, send)
            return
        file = _find(path.removeprefix(settings.STATIC_URL))
        if file is None:
            await _answer(send, 404, {"Content-Type": "text/plain"}, b"not found")
            return
        known = dict(scope["headers"]).get(b"if-none-match", b"").decode("latin-1")
        headers = {**_HEADERS, "ETag": file.etag, "Content-Type": file.type}
        if file.etag in known:
            await _answer(send, 304, headers)
        else:
            await _answer(send, 200, headers, b"" if scope["method"] == "HEAD" else file.content)


async def _answer(
    send: Send, status: int, headers: Mapping[str, str], content: bytes = b""
) -> None:
    listed = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": listed})
    await send({"type": "http.response.body", "body": content})


def _find(path: str) -> _File | None:
    try:
        found = finders.find(normpath(path.lstrip("/")))
    except SuspiciousFileOperation:
        return None
    if not isinstance(found, str) or not Path(found).is_file():
        return None
    return _read(found, Path(found).stat().st_mtime_ns)


@lru_cache(maxsize=512)
def _read(path: str, _changed_ns: int) -> _File:
    content = Path(path).read_bytes()
    guessed, _encoding = mimetypes.guess_type(path)
    kind = guessed or "application/octet-stream"
    if kind.startswith("text/"):
        kind += "; charset=utf-8"
    return _File(content, kind, f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"')


class StaticFiles(StaticFilesHandler):
    """Static files of the api's documentation."""

    def serve(self, request: HttpRequest) -> HttpResponse | FileResponse:
        """Serve one file, to be asked about again next time."""
        return _always_revalidated(super().serve(request))


def _always_revalidated(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers[name] = value
    return response
