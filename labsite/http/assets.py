"""The page's own files: read once, with one hash over all of them, joined and compressed.

The hash stands in every address (``/static/<hash>/dashboard/pages/lab.js``), so that relative
imports stay within one version, and a browser may keep what it has for good. When a file has
changed, all are read anew, under another hash.
"""

from __future__ import annotations

import gzip
import hashlib
import itertools
import mimetypes
import re
import threading
import time
from functools import partial
from pathlib import Path
from posixpath import basename, normpath
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest
from django.utils import translation
from django.views.i18n import JavaScriptCatalog

from dashboard import joined
from dashboard.modules import BASE_STYLES, forget, styles_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# On Windows these come from the registry, where other programs overwrite them; browsers refuse a
# module of another type.
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("text/css", ".css")
mimetypes.add_type("image/svg+xml", ".svg")
mimetypes.add_type("application/json", ".map")

# ``styles/dashboard/pages/lab.css`` holds the styles of ``dashboard/pages/lab.js``.
_STYLES = "styles/"
# Those of every page.
_BASE = "base.css"
# ``texts/ja.js`` holds the page's texts in a language.
_TEXTS = "texts/"
# The best level leaves a hundredth less in twice the time.
_LEVEL = 6
_PAGE = re.compile(r"\w+/pages/\w+\.js")
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
        packed = gzip.compress(content, _LEVEL, mtime=0)
        self.gzipped = packed if len(packed) < len(content) else None
        """The content compressed; None when that is no gain."""


class Assets:
    """All files of one version, by their paths."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        contents = {path: file.read_bytes() for path, file in files.items()}
        digest = hashlib.blake2b(digest_size=8)
        for path, content in sorted(contents.items()):
            digest.update(b"%s %d " % (path.encode(), len(content)))
            digest.update(content)
        self.version = digest.hexdigest()
        self._contents = contents
        self._files: dict[str, File] = {}
        self._modules: dict[str, joined.Module] = {}

    def find(self, path: str) -> File | None:
        """Return the file of ``path``, or None; takes a while where it was not made yet."""
        found = self.made(path) or self._make(normpath(path))
        if found is not None:
            self._files[normpath(path)] = found
        return found

    def made(self, path: str) -> File | None:
        """Return the file of ``path`` if it has been made."""
        return self._files.get(normpath(path))

    def prepare(self) -> None:
        """Make what every page begins with, so that the first who opens one does not wait."""
        for each in (
            _STYLES + _BASE,
            *(f"{_TEXTS}{code}.js" for code, _name in settings.LANGUAGES),
        ):
            self.find(each)
        for path in self._contents:
            if _PAGE.fullmatch(path):
                styles = f"{_STYLES}{path.removesuffix('.js')}.css"
                for each in (joined.FIRST + path, styles, joined.LATER + path):
                    self.find(each)

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
        return {
            _STYLES: self._styles,
            _TEXTS: self._texts,
            joined.FIRST: partial(self._joined, joined.FIRST, joined.first),
            joined.LATER: partial(self._joined, joined.LATER, joined.later),
        }

    def _joined(self, prefix: str, join: Callable[..., joined.Joined], path: str) -> bytes | None:
        page = path.removesuffix(".map")
        if page not in self._contents:
            return None
        made = join(page, self._module)
        if path != page:
            return made.source_map(prefix + page).encode()
        return f"{made.text}//# sourceMappingURL={basename(page)}.map\n".encode()

    def _module(self, path: str) -> joined.Module:
        if path not in self._modules:
            self._modules[path] = joined.Module(path, self._contents[path].decode())
        return self._modules[path]

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
        self._mtimes: dict[Path, int] = {}
        self._looked_at = 0.0

    def get(self) -> Assets:
        with self._lock:
            now = time.monotonic()
            if self._assets is None or now - self._looked_at >= _LOOK_SECONDS:
                if self._assets is None or _changed(self._mtimes):
                    forget()
                    files = _files()
                    self._mtimes = _mtimes(files)
                    self._assets = Assets(files)
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


def _mtimes(files: Mapping[str, Path]) -> dict[Path, int]:
    """Return of all files and their folders, where new ones would lie, when they were changed."""
    folders = (file.parents[: path.count("/") + 1] for path, file in files.items())
    looked_at = {*files.values(), *itertools.chain.from_iterable(folders)}
    return {each: each.stat().st_mtime_ns for each in looked_at}


def _changed(mtimes: Mapping[Path, int]) -> bool:
    try:
        return any(each.stat().st_mtime_ns != mtime for each, mtime in mtimes.items())
    except OSError:
        return True


def _files() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for finder in get_finders():
        for path, storage in finder.list(_NOT_OF_THE_PAGE):
            found.setdefault(Path(path).as_posix(), Path(storage.path(path)))
    return found
