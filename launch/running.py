"""``python lab.py``: run ``manage.py lab`` in the environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from base.process.job import end_with_this_process
from base.process.signals import on_stop
from launch.environment import ROOT, python


def arguments(words: list[str], *, system: str = "") -> list[str] | None:
    """Return the arguments of ``manage.py lab``; None when ``words`` are not understood.

    A system file, also that of ``LAB_SYSTEM``, is named from the folder in which the command was
    given, not from the lab's.
    """
    found: list[str] = []
    rest = [part for word in words for part in _split(word) if part != "run"]
    while rest:
        word = rest.pop(0)
        if word == "--system" and rest:
            found += [word, str(Path(rest.pop(0)).resolve())]
        elif word == "--no-browser":
            found.append(word)
        else:
            return None
    if system and "--system" not in found:
        found += ["--system", str(Path(system).resolve())]
    return found


def run(arguments: list[str]) -> int:
    """Run the lab until it stops and return its exit code.

    On POSIX this process becomes the lab, so that every signal reaches it, SIGKILL too; Windows has
    no such thing: there the lab ends with this process.
    """
    command = [str(python()), str(ROOT / "manage.py"), "lab", *arguments]
    return _run_beside(command) if sys.platform == "win32" else _become(command)


def _split(word: str) -> list[str]:
    option, sign, value = word.partition("=")
    return [option, value] if sign and option == "--system" else [word]


def _become(command: list[str]) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.flush()
    os.chdir(ROOT)
    os.execv(command[0], command)  # noqa: S606 (no shell is wanted)


def _run_beside(command: list[str]) -> int:
    lab = subprocess.Popen(command, cwd=ROOT)
    end_with_this_process(lab.pid)
    # Ctrl-C has reached it already, and `terminate` would kill it at once.
    on_stop(lambda: None)
    return lab.wait()
