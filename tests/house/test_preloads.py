"""What a page's head names is what its modules import: no more, so that it is not in the way."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dashboard.modules import imports_of

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


def loaded_at_once(page: str) -> set[str]:
    """What a browser loads before it runs a page: not what is imported in a function, nor types."""
    modules = graph(page)
    found: set[str] = set()
    left = [page]
    while left:
        for each in modules[left.pop()].get("dependencies", ()):
            path = static_path(each["code"]["specifier"]) if "code" in each else ""
            if path and not each.get("isDynamic") and path not in found:
                found.add(path)
                left.append(path)
    return found


@pytest.mark.parametrize("page", PAGES)
def test_the_head_of_a_page_names_what_it_loads_and_nothing_else(page: str) -> None:
    named = imports_of(page)
    assert len(named) == len(set(named))
    assert set(named) == loaded_at_once(page)


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
