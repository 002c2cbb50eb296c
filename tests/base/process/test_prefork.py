"""A child that was forked ahead becomes the process whose command comes, and none other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from base.process import prefork
from supervision.signalling import is_alive, kill
from tests.support.processes import ROOT
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has children ahead")

# What forks has but one thread, which a process of pytest has not.
FORKING = """
import json, pathlib, sys
from base.process import prefork
directory = pathlib.Path(sys.argv[1])
prefork.fork("one", then=lambda: prefork.preload(["colorsys", "no_such_module"]))
prefork.fork("two")
"""
MODULE = """
import json, os, sys
print("before the end")
said = {
    "argv": sys.argv, "name": __name__, "directory": os.getcwd(), "pid": os.getpid(),
    "environ": dict(os.environ), "stdin": sys.stdin.read(), "session": os.getsid(0),
    "preloaded": "colorsys" in sys.modules, "path": sys.path[0],
}
with open(os.environ["SAID"], "w") as file:
    json.dump(said, file)
# What it has printed by then is out.
(sys.exit if said["stdin"] else os._exit)(7)
"""


def forking(directory: Path, script: str, **environ: str) -> subprocess.Popen[str]:
    (directory / "module.py").write_text(MODULE, encoding="utf-8")
    return subprocess.Popen(
        [sys.executable, "-c", FORKING + script, str(directory)],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "", **environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def started(directory: Path, options: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Start one as `MODULE`; return what it said of itself, and what its parent said of it."""
    script = f"""
environ = {{"SAID": str(directory / "said.json"), "OWN": "ö"}}
argv = [sys.executable, "-m", "module", "word"]
child = prefork.start("one", argv, environ=environ, directory=directory{options})
closed = child.stdin.closed
if not closed:
    child.stdin.write("a line\\n")
    child.stdin.close()
again = prefork.start("one", argv, environ=environ, directory=directory)
other = prefork.start("two", ["true"], environ=environ, directory=directory)
print(json.dumps([child.pid, child.wait(10), child.poll(), again, other, closed]))
prefork.dismiss()
"""
    output, _ = forking(directory, script).communicate(timeout=15)
    first, parent = output.splitlines()
    assert first == "before the end"
    said = json.loads((directory / "said.json").read_text(encoding="utf-8"))
    names = ("pid", "code", "poll", "again", "other", "closed")
    return said, dict(zip(names, json.loads(parent), strict=True))


def test_it_runs_a_module_as_python_does(tmp_path: Path) -> None:
    said, parent = started(tmp_path, "")
    assert said["argv"] == [str(tmp_path / "module.py"), "word"]
    assert said["name"] == "__main__"
    assert said["directory"] == said["path"] == str(tmp_path)
    assert said["environ"]["OWN"] == "ö"
    assert "PATH" not in said["environ"]
    assert said["stdin"] == ""
    assert parent["closed"]
    assert said["preloaded"]
    # A session of its own, which the terminal's Ctrl-C does not reach.
    assert said["pid"] == said["session"] == parent["pid"]
    assert parent["code"] == parent["poll"] == 7


def test_its_standard_input_can_be_kept(tmp_path: Path) -> None:
    said, _ = started(tmp_path, ", stdin=True")
    assert said["stdin"] == "a line\n"


def test_it_runs_once_and_runs_modules_alone(tmp_path: Path) -> None:
    _, parent = started(tmp_path, "")
    assert parent["again"] is parent["other"] is None


def test_where_none_was_forked_there_is_none_to_start(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "module"]
    assert prefork.start("one", argv, environ={}, directory=tmp_path) is None


@pytest.mark.parametrize("killed", [False, True], ids=["dismissed", "killed"])
def test_who_waits_for_nothing_ends(tmp_path: Path, killed: bool) -> None:
    parent = forking(tmp_path, "print('forked', flush=True)\ninput()\nprefork.dismiss()\ninput()")
    assert parent.stdout is not None
    assert parent.stdin is not None
    parent.stdout.readline()
    children = [each.pid for each in psutil.Process(parent.pid).children()]
    assert len(children) == 2
    if killed:
        kill(parent.pid)
    else:
        parent.stdin.write("\n")
        parent.stdin.flush()
    eventually(lambda: not any(is_alive(pid) for pid in children))
    parent.communicate(None if killed else "\n", timeout=10)


def test_the_end_of_its_parent_ends_its_standard_input_whoever_else_runs(tmp_path: Path) -> None:
    (tmp_path / "idle.py").write_text("import time\ntime.sleep(60)", encoding="utf-8")
    script = """
argv, idle = ([sys.executable, "-m", name] for name in ("module", "idle"))
one = prefork.start("one", argv, directory=directory, stdin=True)
two = prefork.start("two", idle, directory=directory)
print(one.pid, two.pid, flush=True)
input()
"""
    parent = forking(tmp_path, script, SAID=str(tmp_path / "said.json"))
    assert parent.stdout is not None
    one, two = map(int, parent.stdout.readline().split())
    try:
        kill(parent.pid)
        eventually(lambda: not is_alive(one))
        assert is_alive(two)
    finally:
        kill(two)
    parent.communicate(timeout=10)


def test_the_system_lists_it_by_its_command_and_a_kill_ends_it(tmp_path: Path) -> None:
    script = """
import os, signal, subprocess
argv = [sys.executable, "-m", "supervision.reaper", "a word that makes it longer than it was"]
child = prefork.start("one", argv, directory=pathlib.Path.cwd(), stdin=True)
print(child.pid, flush=True)
input()
try:
    child.wait(0.01)
except subprocess.TimeoutExpired:
    os.kill(child.pid, signal.SIGKILL)
    print(child.wait(10), flush=True)
"""
    parent = forking(tmp_path, script)
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    words = f"{sys.executable} -m supervision.reaper a word that makes it longer than it was"
    eventually(lambda: " ".join(child.cmdline()).strip() == words)
    output, _ = parent.communicate("\n", timeout=15)
    assert output == "-9\n"
