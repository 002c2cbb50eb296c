"""A page's modules in two files: those that it begins with, and those that it needs later.

A module alone costs a browser a request, some seventy for a page, and a look into its store on
every later visit. So each becomes a function here, which runs once, when it is first imported;
nothing else of its text changes, nor do its lines, which a source map names. The modules themselves
are served as they are, too.
"""

from __future__ import annotations

import json
import re
from posixpath import dirname, relpath
from typing import TYPE_CHECKING

from dashboard.modules import imports_of, static_path

if TYPE_CHECKING:
    from collections.abc import Callable

    Read = Callable[[str], "Module"]
    """A module, by its static path."""

FIRST, LATER = "joined/first/", "joined/later/"
"""Before the path of a page's own module: the static paths of its two files."""

_IMPORT = re.compile(
    r"""^import\s+(?:(?:\*\s+as\s+(?P<all>\w+)|(?P<names>\{[^}]*\}))\s+from\s+)?"""
    r"""["'](?P<path>[^"']+)["'];""",
    re.MULTILINE,
)
_EXPORT = re.compile(r"^export (?=(?:(?:async )?function|class|const) (?P<name>\w+))", re.MULTILINE)
# Those of types in comments as well, which does no harm.
_WHEN_NEEDED = re.compile(r"""\bimport\(\s*["'](?P<path>[^"']+)["']\s*\)""")
_AS = re.compile(r"\s+as\b")
_NOT_UNDERSTOOD = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)

_BEGIN = """\
const $modules = {{}}, $made = {{}};
const $use = (path) => $made[path] ??= $modules[path]($use, $later);
const $later = async (path) => {{
  Object.assign($modules, (await import("/static/{later}")).modules);
  return $use(path);
}};
"""


class Module:
    """A module as the body of a function, line by line."""

    def __init__(self, path: str, text: str) -> None:
        names = [each["name"] for each in _EXPORT.finditer(text)]
        self.path = path
        self.end = f"return {{ {', '.join(names)} }};\n"
        self.body = _WHEN_NEEDED.sub(
            lambda found: f"$later({json.dumps(static_path(path, found['path']))})",
            _EXPORT.sub("", _IMPORT.sub(lambda found: _used(path, found), text)),
        )
        other = _NOT_UNDERSTOOD.search(self.body)
        if other is not None:
            raise ValueError(f"{path}: no way is known to join {other[0]!r}")


class Joined:
    """A file made of modules, each on lines of its own."""

    def __init__(self, begin: str) -> None:
        self._parts: list[tuple[str, str]] = [("", begin)]

    def add(self, before: str, module: Module, after: str) -> None:
        """Add the body of ``module``."""
        self._parts += [("", before), (module.path, module.body), ("", after)]

    @property
    def text(self) -> str:
        """What is sent."""
        return "".join(text for _path, text in self._parts)

    def source_map(self, own_path: str) -> str:
        """Return the source map of the file, which lies at ``own_path``."""
        sections, line = [], 0
        for path, text in self._parts:
            lines = text.count("\n")
            if path:
                # Each line is the next one of the source.
                mappings = "AAAA" + ";AACA" * (lines - 1)
                source = relpath(path, dirname(own_path))
                of_module = {"version": 3, "sources": [source], "names": [], "mappings": mappings}
                sections.append({"offset": {"line": line, "column": 0}, "map": of_module})
            line += lines
        return json.dumps({"version": 3, "sections": sections})


def first(page: str, read: Read) -> Joined:
    """Join ``page`` and what it imports at once."""
    joined = Joined(_BEGIN.format(later=LATER + page))
    for path in imports_of(page):
        # What is called at once is best parsed at once: the brackets say so to V8.
        module = read(path)
        joined.add(f'$modules["{path}"] = (($use, $later) => {{\n', module, f"{module.end}}});\n")
    # In a block, since a page's own module may wait for something.
    joined.add("{\n", read(page), "}\n")
    return joined


def later(page: str, read: Read) -> Joined:
    """Join what ``page`` imports when it is needed, without what it has by then."""
    has = {page, *imports_of(page)}
    joined = Joined("export const modules = {};\n")
    for path in imports_of(page, when_needed=True):
        if path not in has:
            module = read(path)
            joined.add(f'modules["{path}"] = ($use, $later) => {{\n', module, f"{module.end}}};\n")
    return joined


def _used(path: str, found: re.Match[str]) -> str:
    used = f"$use({json.dumps(static_path(path, found['path']))});"
    if found["all"]:
        return f"const {found['all']} = {used}"
    if found["names"]:
        return f"const {_AS.sub(':', found['names'])} = {used}"
    return used
