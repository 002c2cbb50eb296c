"""Fixtures that more than one room's tests ask for, and what holds for all tests."""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

import daphne.server  # noqa: F401 (installs its reactor before another module installs another)
import pytest
from django.utils import translation
from hypothesis import settings
from opentelemetry.context import Context, attach

from base.process.signals import raise_on_sigint
from tests.support.distribution import FileScheduling, ranked
from tests.support.processes import LabProcesses

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LEFT = pytest.StashKey[int]()


def pytest_configure(config: pytest.Config) -> None:
    """Prepare what the processes that tests start inherit."""
    # SIGINT's default, also where it was ignored when the tests were started.
    raise_on_sigint()
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        # Started to outlive its terminal: a handler is not inherited, being ignored is.
        signal.signal(signal.SIGHUP, lambda *_: None)
    # Or each of some hundred processes would compile the lab anew.
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    config.stash[LEFT] = 0
    # Collecting and running thousands of tests makes many objects that stay.
    gc.set_threshold(20_000, 20, 50)
    # A change is judged by the same values every time; another seed is for who looks for faults.
    same = config.getoption("--hypothesis-seed") is None
    settings.register_profile("same", deadline=None, derandomize=same)
    settings.load_profile("same")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FileScheduling:
    """Distribute the tests by files."""
    return FileScheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    items[:] = ranked(items)


def pytest_collection_finish() -> None:
    """Have garbage collection pass over the thousands of tests."""
    gc.collect()
    gc.freeze()


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    """Count the long tests that are left out."""
    for item in items:
        if item.get_closest_marker("long") is not None:
            item.config.stash[LEFT] += 1


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand a worker's count to the process that prints."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left"] = session.config.stash[LEFT]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take the count over; every worker has the same."""
    node.config.stash[LEFT] = getattr(node, "workeroutput", {}).get("left", 0)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say what was left out, and how a failing order is repeated."""
    left = config.stash[LEFT]
    if left:
        terminalreporter.write_line(
            f"{left} long tests were left to .ci/run: python lab.py test -m long"
        )
    if terminalreporter.stats.get("failed") or terminalreporter.stats.get("error"):
        seed = config.getoption("randomly_seed", None)
        terminalreporter.write_line(
            f"The same order again: python lab.py test FILES --randomly-seed={seed}"
        )


@pytest.fixture(autouse=True)
def _thread_as_new() -> None:
    """Begin without the baggage and the language of an earlier test, which stay with its thread."""
    attach(Context())
    translation.deactivate()


@pytest.fixture(scope="session")
def shared_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabProcesses]:
    """One running lab for all tests of a worker process that leave it as it was."""
    with LabProcesses(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture
def lab(shared_lab: LabProcesses) -> LabProcesses:
    """Lend the running lab as it was when it started, whatever the test before did to it."""
    shared_lab.restore()
    return shared_lab
