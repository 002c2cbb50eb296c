"""The reaper terminates what was not ended, and nothing that it was to forget."""

from __future__ import annotations

import subprocess
import sys

from tests.support.processes import ROOT
from tests.support.waiting import eventually


def test_it_terminates_those_it_knows_and_no_others() -> None:
    sleepers = [
        subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) for _ in range(2)
    ]
    known, forgotten = sleepers
    lines = f"+{known.pid}\n+{forgotten.pid}\n-{forgotten.pid}\n"
    subprocess.run(
        [sys.executable, "-m", "supervision.reaper"], cwd=ROOT, input=lines, text=True, check=True
    )
    eventually(lambda: known.poll() is not None)
    assert forgotten.poll() is None
    forgotten.communicate(b"\n", timeout=10)
    known.communicate(timeout=10)
