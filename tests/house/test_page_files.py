"""A page's two files have what its modules import: at first no more than it begins with."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any

import pytest

from dashboard.joined import FIRST, LATER
from dashboard.modules import imports_of
from labsite.http.assets import current

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = sorted(
    path.relative_to(ROOT / app / "static").as_posix()
    for app in ("dashboard", "lesson")
    for path in (ROOT / app / "static" / app / "pages").glob("*.js")
)


def graph(page: str) -> dict[str, dict[str, Any]]:
    """All modules that a page may load, as deno reads them, by their static paths."""
    local = ROOT / page.split("/")[0] / "static" / page
    listed = subprocess.run(
        [sys.executable, "-m", "deno", "info", "--json", str(local)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    modules = json.loads(listed.stdout)["modules"]
    return {static_path(each["specifier"]): each for each in modules}


def static_path(address: str) -> str:
    return address.partition("/static/")[2]


def loaded(page: str, *, when_needed: bool) -> set[str]:
    """What a browser loads before it runs a page, no types; or also what a function imports."""
    modules = graph(page)
    found: set[str] = set()
    left = [page]
    while left:
        for each in modules[left.pop()].get("dependencies", ()):
            path = static_path(each["code"]["specifier"]) if "code" in each else ""
            is_late = each.get("isDynamic", False)
            if path and path not in found and (when_needed or not is_late):
                found.add(path)
                left.append(path)
    return found


@pytest.mark.parametrize("page", PAGES)
def test_a_pages_first_file_has_what_it_loads_at_once_and_nothing_else(page: str) -> None:
    named = imports_of(page)
    assert len(named) == len(set(named))
    assert set(named) == loaded(page, when_needed=False)


@pytest.mark.parametrize("page", PAGES)
def test_a_pages_two_files_have_each_of_its_modules_once(page: str) -> None:
    modules = [path for prefix in (FIRST, LATER) for path in modules_of(f"{prefix}{page}")]
    assert sorted(modules) == sorted({page, *loaded(page, when_needed=True)})


def modules_of(path: str) -> list[str]:
    """The modules that a file is made of, by its source map."""
    found = current().find(f"{path}.map")
    assert found is not None
    sections = json.loads(found.content)["sections"]
    return [normpath(join(dirname(path), *each["map"]["sources"])) for each in sections]


@pytest.mark.parametrize(
    "path",
    [
        "dashboard/elements/trace/evidence/lab_messages.js",
        "dashboard/elements/trace/evidence/lab_truths.js",
        "dashboard/elements/trace/evidence/lab_checklist.js",
        "dashboard/elements/trace/evidence/lab_diagnosis.js",
        "dashboard/elements/faults/lab_fault_menu.js",
        "dashboard/elements/shared/lab_start_over.js",
    ],
)
def test_what_is_not_seen_at_first_is_loaded_when_it_is_needed(path: str) -> None:
    for page in ("dashboard/pages/lab.js", "dashboard/pages/trace.js"):
        assert path not in imports_of(page)
    assert path in imports_of("dashboard/pages/lab.js", when_needed=True)
