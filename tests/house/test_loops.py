"""Threads, timers and tasks are made by `base.loops` alone, so that none of them dies unnoticed."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from orders import job_outbox
from worker import callback_outbox

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent.parent
MAKERS = {"Thread", "Timer", "create_task", "ensure_future", "start_new_thread", "TaskGroup"}
MODULES = {"threading", "asyncio", "_thread"}
# Not of the lab: tests and benchmarks come and go with what they measure.
ELSEWHERE = {"tests", "benchmarks", "var"}
MAY = {
    "base/http/pool.py": "what a call raises in one of its threads goes to who awaits the answer",
    "base/loops/tasks.py": "it is the one place for tasks",
    "base/loops/threads.py": "it is the one place for threads and timers",
    "launch/checks.py": "runs the slow checks beside pytest, and ends with the command",
    "labsite/management/commands/lab.py": "opens a browser once, which may take its time",
}
# Run by commands of their own, which have no `/readyz`.
NOT_ON_THE_PAGE = {"firewall-watchdog", "nemesis", "soak-sender", "stop-watch"}


def makers(source: str) -> Iterator[str]:
    """Name each call in ``source`` that makes a thread, a timer or a task."""
    tree = ast.parse(source)
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in MODULES
        for alias in node.names
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name) and called.id in MAKERS & imported:
            yield called.id
        elif isinstance(called, ast.Attribute) and called.attr in MAKERS:
            of = called.value
            of_module = isinstance(of, ast.Name) and of.id in MODULES
            if of_module or called.attr in ("create_task", "ensure_future"):
                yield called.attr


def files() -> list[Path]:
    return [
        path
        for path in ROOT.rglob("*.py")
        if not path.relative_to(ROOT).parts[0].startswith(".")
        and path.relative_to(ROOT).parts[0] not in ELSEWHERE
    ]


def test_only_the_listed_files_make_threads_timers_and_tasks() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in files()
        if any(makers(path.read_text(encoding="utf-8")))
    }
    assert found == set(MAY)


@pytest.mark.parametrize(
    "source",
    [
        "import threading\nthreading.Thread(target=print).start()",
        "from threading import Timer\nTimer(1, print)",
        "import asyncio\nasyncio.create_task(f())",
        "loop.create_task(f())",
        "asyncio.ensure_future(f())",
    ],
)
def test_such_a_call_is_noticed(source: str) -> None:
    assert list(makers(source))


def test_the_helpers_own_are_not_meant() -> None:
    assert not list(makers("from base.loops import Timer\nTimer('end', print, delay=1)"))


def test_the_page_has_words_for_every_loop_by_its_name() -> None:
    page = ROOT / "dashboard/static/dashboard/elements/shared/problems.js"
    known = set(re.findall(r'^  "([a-z.-]+)": gettext', page.read_text("utf-8"), re.MULTILINE))
    named = {
        name
        for path in files()
        for name in re.findall(
            r'\b(?:Loop|Timer|Task|Batcher)\(\s*"([a-z-]+)"', path.read_text(encoding="utf-8")
        )
    }
    named |= {relay.RELAY._loop.name for relay in (job_outbox, callback_outbox)}
    assert named <= known | NOT_ON_THE_PAGE
