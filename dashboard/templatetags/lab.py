"""Links to the page's modules."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()

_ROOT = "/static/"

_IMPORT = re.compile(
    r"""^(?:import|export)\b[^;"']*["']((?:\.{1,2}|/static)/[^"']+)["']""", re.MULTILINE
)


@register.simple_tag
def module(path: str) -> SafeString:
    """Load the module at ``path``, and all that it imports beside it instead of after it.

    Without a build step a browser learns of a module's imports only once it has read the module:
    as many round trips one after another as the imports are deep.
    """
    links = format_html_join(
        "\n",
        '<link rel="modulepreload" href="{}">',
        ((static(each),) for each in imports_of(path)),
    )
    return format_html('{}\n<script type="module" src="{}"></script>', links, static(path))


def imports_of(path: str) -> list[str]:
    """List the static paths of the modules that ``path`` imports, however far away."""
    found: dict[str, None] = {}
    waiting = [path]
    while waiting:
        for each in _direct_imports(waiting.pop()):
            if each not in found:
                found[each] = None
                waiting.append(each)
    return list(found)


def _direct_imports(path: str) -> tuple[str, ...]:
    file = finders.find(path)
    if not isinstance(file, str):
        return ()
    return _read(file, path, Path(file).stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _read(file: str, path: str, _changed_ns: int) -> tuple[str, ...]:
    text = Path(file).read_text(encoding="utf-8")
    # Between two rooms the address is given from the root; within one it is relative.
    found = (each.removeprefix(_ROOT) for each in _IMPORT.findall(text))
    return tuple(normpath(join(dirname(path), each)) if each[0] == "." else each for each in found)
