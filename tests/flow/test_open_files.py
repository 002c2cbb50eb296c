"""The observer's requests leave no connection to the database open behind them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.processes import LabProcesses

pytestmark = [
    pytest.mark.flow,
    pytest.mark.timeout(120),
    pytest.mark.skipif(sys.platform != "linux", reason="open files are counted in /proc"),
]


def test_reads_leave_no_open_files(lab: LabProcesses) -> None:
    files = Path(f"/proc/{lab.pid_of('observer')}/fd")
    lab.get("/api/traces")
    before = len(list(files.iterdir()))
    for _ in range(60):
        lab.get("/api/traces")
    assert len(list(files.iterdir())) < before + 30
