"""The reaper terminates what was not ended, and nothing that it was to forget."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from supervision.signalling import is_alive, kill
from tests.support.processes import ROOT
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from pathlib import Path

# Of two processes of a test one has been stopped; then the test is killed.
KILLED = """
import os, pathlib, signal, subprocess, sys
from tests.support.lab.last_resort import forget, watch
stopped, left = (subprocess.Popen([sys.executable, "-c", "input()"], stdin=0) for _ in range(2))
watch(stopped.pid)
watch(left.pid)
forget(stopped.pid)
pathlib.Path(sys.argv[1]).write_text(f"{stopped.pid} {left.pid}")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_it_terminates_those_it_knows_and_no_others() -> None:
    sleepers = [
        subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) for _ in range(2)
    ]
    known, forgotten = sleepers
    lines = f"+{known.pid}\n+{forgotten.pid}\n-{forgotten.pid}\n"
    reaper = subprocess.Popen(
        [sys.executable, "-m", "supervision.reaper"], cwd=ROOT, stdin=subprocess.PIPE, text=True
    )
    assert reaper.stdin is not None
    reaper.stdin.write(lines)
    reaper.stdin.close()
    known.wait(10)
    assert reaper.wait(10) == 0
    assert forgotten.poll() is None
    forgotten.communicate(b"\n", timeout=10)
    known.communicate(timeout=10)


@pytest.mark.skipif(os.name == "nt", reason="there are no such signals there")
def test_what_a_killed_test_has_started_ends_and_what_it_had_stopped_is_left_alone(
    tmp_path: Path,
) -> None:
    input_end, output_end = os.pipe()
    try:
        command = [sys.executable, "-c", KILLED, str(tmp_path / "pids")]
        assert subprocess.run(command, cwd=ROOT, stdin=input_end, check=False).returncode < 0
        stopped, left = map(int, (tmp_path / "pids").read_text(encoding="ascii").split())
        eventually(lambda: not is_alive(left))
        assert is_alive(stopped)
        kill(stopped)
    finally:
        os.close(input_end)
        os.close(output_end)
