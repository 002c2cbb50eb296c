"""Fixtures that more than one room's tests ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.browser import chromium
from tests.support.processes import LabProcesses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def shared_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabProcesses]:
    """One running lab for all tests of a worker process that leave it as it was."""
    with LabProcesses(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture
def lab(shared_lab: LabProcesses) -> Iterator[LabProcesses]:
    """Lend the running lab, without faults before and after."""
    shared_lab.heal_all()
    yield shared_lab
    shared_lab.heal_all()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One real Chromium for a file's tests; while it is open Django takes this thread for async."""
    with chromium() as running:
        yield running
