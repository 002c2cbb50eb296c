"""The virtual environment beside ``lab.py`` and what is installed in it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from launch.say import LaunchError, step

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"


def python() -> Path:
    """Name the environment's Python."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def prepare(requirements: str) -> None:
    """Make ``.venv`` and install ``requirements`` unless it holds just that already.

    :raises LaunchError: the environment can't be made, or a package can't be had.
    """
    stamp = VENV / f".installed-{requirements}"
    wanted = hashlib.sha256((ROOT / requirements).read_bytes()).hexdigest()
    if python().exists() and stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    if not python().exists():
        _make()
    step(f"Installing {requirements} (once; takes a minute) …")
    installed = subprocess.run(
        [
            *(python(), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"),
            *("--progress-bar", "on" if sys.stdout.isatty() else "off"),
            *("--requirement", ROOT / requirements),
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    if installed.returncode:
        raise LaunchError(_why_not_installed(installed.stderr))
    for other in VENV.glob(".installed-*"):
        other.unlink()
    stamp.write_text(wanted, encoding="ascii")
    if requirements != "requirements.txt":
        # The development requirements contain the others.
        runtime = hashlib.sha256((ROOT / "requirements.txt").read_bytes()).hexdigest()
        (VENV / ".installed-requirements.txt").write_text(runtime, encoding="ascii")


def _make() -> None:
    step("Making .venv …")
    if VENV.exists():
        # Half made, or made by a Python that has gone.
        shutil.rmtree(VENV)
    try:
        venv.create(VENV, with_pip=True)
    except (OSError, subprocess.CalledProcessError) as failure:
        shutil.rmtree(VENV, ignore_errors=True)
        raise LaunchError(
            f"can't make a virtual environment ({failure}): on Debian and Ubuntu,"
            " `apt install python3-venv` brings what is missing."
        ) from None


def _why_not_installed(stderr: str) -> str:
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")] or lines[-1:]
    last = errors[-1].removeprefix("ERROR: ") if errors else "pip gave no reason"
    unreachable = ("NewConnectionError", "Temporary failure in name resolution", "ProxyError")
    if any(word in stderr for word in unreachable):
        return (
            "the package index can't be reached: check the network (and pip's proxy settings),"
            f" then run this again. pip says: {last}"
        )
    return f"a package could not be installed: {last}"
