"""One lab a folder: the second names the first, whose end, of any kind, lets it in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from supervision import var_lock
from supervision.errors import FolderError
from tests.support.processes import ROOT

SYSTEM = Path("/sys")
HOLDER = """
import pathlib, sys
from supervision import var_lock
with var_lock.held(pathlib.Path(sys.argv[1]), url="http://localhost:1"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_lab_is_told_that_one_runs_and_where(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == b"held"
    with pytest.raises(FolderError) as refused, var_lock.held(tmp_path, url="http://two"):
        pass
    where = f"at http://localhost:1 (process {holder.pid}) with the files in {tmp_path}"
    assert str(refused.value) == f"a lab runs already {where}"
    holder.kill()
    holder.communicate(timeout=10)
    with var_lock.held(tmp_path, url="http://two"):
        assert (tmp_path / "lab.lock").exists()


def test_a_folder_that_is_none_is_said(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(FolderError, match="can't be written"), var_lock.held(file, url="http://a"):
        pass


@pytest.mark.skipif(not SYSTEM.is_dir(), reason="this system has no folder that is root's neither")
def test_a_folder_that_can_not_be_written_is_said() -> None:
    with pytest.raises(FolderError, match="Permission denied"), var_lock.held(SYSTEM, url="x"):
        pass
