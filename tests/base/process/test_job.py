"""A Windows job: its structures are as large as the system's, and elsewhere nothing happens."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys

import pytest

from base.process.job import BasicLimits, ExtendedLimits, end_with_this_process


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_void_p) != 8, reason="the sizes are those of 64 bits")
def test_the_limits_are_laid_out_as_windows_has_them() -> None:
    assert (ctypes.sizeof(BasicLimits), ctypes.sizeof(ExtendedLimits)) == (64, 144)
    assert (BasicLimits.flags.offset, BasicLimits.affinity.offset) == (16, 48)


@pytest.mark.skipif(os.name != "nt", reason="only Windows has jobs")
def test_a_child_ends_with_its_parent() -> None:
    sleeper = "import time; time.sleep(60)"
    parent = (
        "import subprocess, sys; from base.process.job import end_with_this_process;"
        f"child = subprocess.Popen([sys.executable, '-c', '{sleeper}'], stdout=sys.stdout);"
        "end_with_this_process(child.pid); print('begun', flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    process.kill()
    # The pipe is at its end once the child, which has it too, is gone.
    assert process.stdout.read() == ""


@pytest.mark.skipif(os.name == "nt", reason="there it has an effect")
def test_elsewhere_it_does_nothing() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    end_with_this_process(child.pid)
    assert child.poll() is None
    child.communicate(b"\n", timeout=10)
    assert child.returncode == 0
