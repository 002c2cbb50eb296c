"""``lab.py`` becomes the lab: a signal reaches it, and it ends as the lab does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.processes import ROOT

if TYPE_CHECKING:
    from pathlib import Path

LAB = """
import os, signal, sys, time
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, lambda *_: sys.exit(3))
print(*sys.argv[1:], os.getpid(), flush=True)
time.sleep(60)
"""
RUNNING = """
import pathlib, sys
from launch import running
running.ROOT = pathlib.Path(sys.argv[1])
running.python = lambda: pathlib.Path(sys.executable)
sys.exit(running.run(["--no-browser"]))
"""


@pytest.mark.skipif(os.name == "nt", reason="there Ctrl-C reaches a whole console")
@pytest.mark.parametrize("sent", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_stops_the_lab(tmp_path: Path, sent: str) -> None:
    (tmp_path / "manage.py").write_text(LAB, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-c", RUNNING, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == f"lab --no-browser {process.pid}\n"
    process.send_signal(getattr(signal, sent))
    process.communicate(timeout=10)
    assert process.returncode == 3
