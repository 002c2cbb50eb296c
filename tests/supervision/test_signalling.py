"""A process is paused, resumed, terminated and killed; on Windows together with its child."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from supervision import signalling
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

_SLEEP = "import time; time.sleep(60)"
# As a virtual environment's Python on Windows: it waits for its child and does nothing else.
_LAUNCHER = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_SLEEP!r}])"
_GONE = 2**22 + 1  # no id of a process on any system's defaults


@contextmanager
def running(code: str) -> Iterator[psutil.Process]:
    started = subprocess.Popen([sys.executable, "-c", code], **signalling.own_group())
    try:
        yield psutil.Process(started.pid)
    finally:
        signalling.kill(started.pid, platform=signalling.WINDOWS)
        started.wait()


def child(of: psutil.Process) -> psutil.Process:
    found = eventually(of.children)
    return found[0]


@pytest.mark.parametrize(
    ("platform", "name", "arguments"),
    [
        ("linux", "SIGTERM", {"start_new_session": True}),
        ("darwin", "SIGTERM", {"start_new_session": True}),
        ("win32", "CTRL_BREAK_EVENT", {"creationflags": 0x200}),
    ],
)
def test_each_system_has_its_way(platform: str, name: str, arguments: dict[str, Any]) -> None:
    assert signalling.termination_signal(platform) == name
    assert signalling.own_group(platform) == arguments


def test_a_paused_process_stands_still_until_it_is_resumed() -> None:
    with running(_SLEEP) as process:
        signalling.pause(process.pid)
        eventually(lambda: process.status() == psutil.STATUS_STOPPED)
        signalling.resume(process.pid)
        eventually(lambda: process.status() != psutil.STATUS_STOPPED)


def test_on_windows_the_child_is_paused_and_resumed_too() -> None:
    with running(_LAUNCHER) as launcher:
        both = [launcher, child(launcher)]
        signalling.pause(launcher.pid, platform="win32")
        eventually(lambda: [each.status() for each in both] == [psutil.STATUS_STOPPED] * 2)
        signalling.resume(launcher.pid, platform="win32")
        eventually(lambda: psutil.STATUS_STOPPED not in [each.status() for each in both])


def test_on_windows_the_child_is_ended_too() -> None:
    with running(_LAUNCHER) as launcher:
        inner = child(launcher)
        signalling.kill(launcher.pid, platform="win32")
        eventually(lambda: not inner.is_running())


def test_elsewhere_a_child_goes_on() -> None:
    with running(_LAUNCHER) as launcher:
        inner = child(launcher)
        signalling.pause(launcher.pid, platform="linux")
        eventually(lambda: launcher.status() == psutil.STATUS_STOPPED)
        assert inner.status() != psutil.STATUS_STOPPED
        signalling.resume(launcher.pid)


def test_a_terminated_process_can_shut_down_in_order() -> None:
    code = "import sys, time; from base.process.signals import on_stop"
    code += "; on_stop(lambda: sys.exit(7));"
    started = subprocess.Popen(
        [sys.executable, "-c", f"{code} print('up', flush=True); time.sleep(60)"],
        stdout=subprocess.PIPE,
        **signalling.own_group(),
    )
    assert started.stdout is not None
    started.stdout.readline()
    signalling.terminate(started.pid)
    assert started.wait(10) == 7
    started.stdout.close()


@pytest.mark.parametrize(
    "act", [signalling.terminate, signalling.kill, signalling.pause, signalling.resume]
)
def test_a_process_that_has_exited_is_no_error(act: Any) -> None:
    assert not signalling.is_alive(_GONE)
    act(_GONE)


_OUTLIVED = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {_SLEEP!r}])"


def test_a_tree_is_paused_resumed_and_killed_as_one() -> None:
    with running(_LAUNCHER) as launcher:
        both = [launcher, child(launcher)]
        signalling.pause(launcher.pid, tree=True)
        eventually(lambda: [each.status() for each in both] == [psutil.STATUS_STOPPED] * 2)
        signalling.resume(launcher.pid, tree=True)
        eventually(lambda: psutil.STATUS_STOPPED not in [each.status() for each in both])
        signalling.kill(launcher.pid, tree=True)
        eventually(lambda: not both[1].is_running())


def test_a_tree_is_asked_to_end_as_one() -> None:
    with running(_LAUNCHER) as launcher:
        inner = child(launcher)
        signalling.terminate(launcher.pid, tree=True)
        eventually(lambda: not inner.is_running())


@pytest.mark.skipif(sys.platform == "win32", reason="a session is POSIX's")
def test_what_outlives_the_first_of_a_tree_is_still_part_of_it() -> None:
    started = subprocess.Popen(
        [sys.executable, "-c", f"{_OUTLIVED}; print('up')"],
        stdout=subprocess.DEVNULL,
        **signalling.own_group(),
    )
    assert started.wait(10) == 0
    [left] = [each for each in psutil.process_iter() if _session_of(each.pid) == started.pid]
    signalling.kill(started.pid, tree=True)
    eventually(lambda: not left.is_running() or left.status() == psutil.STATUS_ZOMBIE)


def _session_of(pid: int) -> int:
    if sys.platform != "win32":
        with suppress(OSError):
            return os.getsid(pid)
    return 0
