"""The observer's requests leave no connection to the database open behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psutil
import pytest

if TYPE_CHECKING:
    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.flow, pytest.mark.timeout(120)]


def test_reads_leave_no_open_files(lab: LabProcesses) -> None:
    observer = psutil.Process(lab.pid_of("observer"))
    lab.get("/api/traces")
    before = len(observer.open_files())
    for _ in range(60):
        lab.get("/api/traces")
    assert len(observer.open_files()) < before + 30
