"""The page's modules: what each imports, at once or when needed, and the styles beside them."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from posixpath import dirname, join, normpath

from django.contrib.staticfiles import finders

BASE_STYLES = tuple(
    f"dashboard/css/{name}.css"
    for name in ("tokens", "page", "controls", "masthead", "log_line", "services")
)
"""The styles of every page; a later one has the last word."""

_ROOT = "/static/"

_IMPORT = re.compile(
    r"""^(?:import|export)\b[^;"'(]*["']((?:\.{1,2}|/static)/[^"']+)["']""", re.MULTILINE
)
_WHEN_NEEDED = re.compile(r"""\bimport\(\s*["']((?:\.{1,2}|/static)/[^"']+)["']\s*\)""")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def imports_of(path: str, *, when_needed: bool = False) -> list[str]:
    """List the static paths of the modules that ``path`` imports, however far away.

    They come in the order in which a browser runs them: each after those that it imports itself.
    Those that are imported ``when_needed`` are left out unless they are asked for.
    """
    found: dict[str, None] = {}
    visited = {path}

    def visit(importer: str) -> None:
        at_once, later = _direct_imports(importer)
        for each in (*at_once, *later) if when_needed else at_once:
            if each not in visited:
                visited.add(each)
                visit(each)
                found[each] = None

    visit(path)
    return list(found)


def styles_of(path: str) -> list[str]:
    """List the static paths of the styles beside ``path`` and beside the modules that it imports.

    An element's style comes after those of the elements that it is made of, so that it has the
    last word on how they look inside it.
    """
    modules = [*imports_of(path, when_needed=True), path]
    beside = (each.removesuffix(".js") + ".css" for each in modules)
    return [each for each in beside if find(each)]


def static_path(importer: str, address: str) -> str:
    """Return the static path of the module that ``importer`` names ``address``."""
    # Between two rooms the address is given from the root; within one it is relative.
    relative = address[0] == "."
    return normpath(join(dirname(importer), address)) if relative else address.removeprefix(_ROOT)


@lru_cache(maxsize=2_048)
def find(path: str) -> str | None:
    """Return the file of a static path."""
    file = finders.find(path)
    return file if isinstance(file, str) else None


@lru_cache(maxsize=2_048)
def _direct_imports(path: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    file = find(path)
    if file is None:
        return (), ()
    text = Path(file).read_text(encoding="utf-8")
    at_once = tuple(static_path(path, each) for each in _IMPORT.findall(text))
    # Types in comments are imported in the same words.
    later = (static_path(path, each) for each in _WHEN_NEEDED.findall(_COMMENT.sub("", text)))
    return at_once, tuple(later)


def forget() -> None:
    """Read everything anew: a file has changed."""
    find.cache_clear()
    _direct_imports.cache_clear()
