"""The page's own files: read once, with one hash over all of them, joined and compressed.

The hash stands in every address (``/static/<hash>/dashboard/pages/lab.js``), so that relative
imports stay within one version, and a browser may keep what it has for good. When a file has
changed, all are read anew, under another hash.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
import threading
import time
from functools import cached_property
from pathlib import Path
from posixpath import normpath
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest
from django.utils import translation
from django.views.i18n import JavaScriptCatalog

from dashboard.modules import BASE_STYLES, styles_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# On Windows these come from the registry, where other programs overwrite them; browsers refuse a
# module of another type.
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("text/css", ".css")
mimetypes.add_type("image/svg+xml", ".svg")

# ``styles/dashboard/pages/lab.css`` holds the styles of ``dashboard/pages/lab.js``.
_STYLES = "styles/"
# Those of every page.
_BASE = "base.css"
# ``texts/ja.js`` holds the page's texts in a language.
_TEXTS = "texts/"
_LOOK_SECONDS = 1.0
_NOT_OF_THE_PAGE = ["rest_framework"]
# Between two rooms a module's address is given from the root.
_FROM_ROOT = re.compile(rb"""(["'])/static/""")


class File:
    """What is sent for one path."""

    def __init__(self, path: str, content: bytes) -> None:
        guessed, _encoding = mimetypes.guess_type(path)
        self.type = guessed or "application/octet-stream"
        if self.type.startswith("text/"):
            self.type += "; charset=utf-8"
        self.content = content
        self.etag = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'

    @cached_property
    def gzipped(self) -> bytes | None:
        """The content compressed; None when that is no gain."""
        packed = gzip.compress(self.content, mtime=0)
        return packed if len(packed) < len(self.content) else None


class Assets:
    """All files of one version, by their paths."""

    def __init__(self, stamps: Mapping[str, tuple[Path, int]]) -> None:
        self.stamps = stamps
        contents = {path: file.read_bytes() for path, (file, _) in stamps.items()}
        digest = hashlib.blake2b(digest_size=8)
        for path, content in sorted(contents.items()):
            digest.update(b"%s %d " % (path.encode(), len(content)))
            digest.update(content)
        self.version = digest.hexdigest()
        self._contents = contents
        self._files: dict[str, File] = {}

    def find(self, path: str) -> File | None:
        """Return the file of ``path``, or None."""
        path = normpath(path)
        if path in self._files:
            return self._files[path]
        made = self._make(path)
        if made is not None:
            self._files[path] = made
        return made

    def _make(self, path: str) -> File | None:
        for prefix, make in self._made.items():
            if path.startswith(prefix):
                content = make(path.removeprefix(prefix))
                break
        else:
            content = self._contents.get(path)
        if content is None:
            return None
        if path.endswith(".js"):
            content = _FROM_ROOT.sub(rb"\1/static/%b/" % self.version.encode(), content)
        return File(path, content)

    @property
    def _made(self) -> Mapping[str, Callable[[str], bytes | None]]:
        return {_STYLES: self._styles, _TEXTS: self._texts}

    def _styles(self, path: str) -> bytes | None:
        """Join the styles of a module and of its imports: one request instead of some twenty."""
        found = BASE_STYLES if path == _BASE else styles_of(path.removesuffix(".css") + ".js")
        return b"\n".join(self._contents[each] for each in found) if found else None

    def _texts(self, path: str) -> bytes | None:
        language = path.removesuffix(".js")
        if language not in dict(settings.LANGUAGES):
            return None
        request = HttpRequest()
        request.method = "GET"
        with translation.override(language):
            catalogue: Any = JavaScriptCatalog.as_view(packages=["dashboard"])(request)
        return bytes(catalogue.content)


class _Current:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._assets: Assets | None = None
        self._looked_at = 0.0

    def get(self) -> Assets:
        with self._lock:
            now = time.monotonic()
            if self._assets is None or now - self._looked_at >= _LOOK_SECONDS:
                stamps = _stamps()
                if self._assets is None or stamps != self._assets.stamps:
                    self._assets = Assets(stamps)
                self._looked_at = now
            return self._assets


_CURRENT = _Current()


def current() -> Assets:
    """Return the files as they are now, a second old at most."""
    return _CURRENT.get()


class HashedStorage(StaticFilesStorage):
    """Addresses of the page's files, with the hash in them."""

    def url(self, name: str | None, force: bool = False) -> str:  # noqa: FBT001, FBT002 (Django's own signature)
        """Return the address of ``name``."""
        del force
        return f"{settings.STATIC_URL}{current().version}/{name}"


def _stamps() -> dict[str, tuple[Path, int]]:
    found: dict[str, tuple[Path, int]] = {}
    for finder in get_finders():
        for path, storage in finder.list(_NOT_OF_THE_PAGE):
            file = Path(storage.path(path))
            found.setdefault(Path(path).as_posix(), (file, file.stat().st_mtime_ns))
    return found
