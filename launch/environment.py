"""The virtual environment beside ``lab.py`` and what is installed in it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from launch import uv
from launch.console import step
from launch.errors import LaunchError

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
OPTIONAL = {
    "backports-zstd": "telemetry packed by zstd is refused",
    "cramjam": "telemetry packed by snappy is refused",
    "grpcio": "there is no OTLP/gRPC",
    "opentelemetry-exporter-otlp-proto-grpc": "OTLP/gRPC is not tested",
}
"""What the lab starts without where there is no wheel of it, and what is missing then."""


def python() -> Path:
    """Return the environment's Python."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def prepare(requirements: str) -> None:
    """Create ``.venv`` and install ``requirements``, unless that has been done.

    :raises LaunchError: the environment can't be created, or a package can't be installed.
    """
    stamp = VENV / f".installed-{requirements}"
    digest = hashlib.sha256((ROOT / requirements).read_bytes()).hexdigest()
    if python().exists() and stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return
    if not python().exists():
        _make()
    step(f"Installing {requirements} (once; takes a minute at most) …")
    _install(ROOT / requirements)
    for other in VENV.glob(".installed-*"):
        other.unlink()
    stamp.write_text(digest, encoding="ascii")
    if requirements != "requirements.txt":
        # The development requirements contain the others.
        runtime = hashlib.sha256((ROOT / "requirements.txt").read_bytes()).hexdigest()
        (VENV / ".installed-requirements.txt").write_text(runtime, encoding="ascii")


def _install(requirements: Path) -> None:
    """Install what a file lists, without those of `OPTIONAL` that have no wheel here."""
    if uv.install(requirements, python=python(), version=_uv_version(), only_binary=OPTIONAL):
        return
    lines = requirements.read_text(encoding="utf-8").splitlines()
    shortened = VENV / "requirements-here.txt"
    path, without = requirements, set[str]()
    while (stderr := _pip_install(path)) is not None:
        lacking = {name for name in OPTIONAL if name in stderr} - without
        if not lacking:
            raise LaunchError(_why_not_installed(stderr))
        without |= lacking
        kept = [line for line in lines if line.partition("==")[0] not in without]
        shortened.write_text("\n".join(kept), encoding="utf-8")
        path = shortened
    for name in sorted(without):
        step(f"{name} has no wheel for this system and Python: {OPTIONAL[name]}.")


def _uv_version() -> str | None:
    lines = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8").splitlines()
    return next((line.removeprefix("uv==") for line in lines if line.startswith("uv==")), None)


def _pip_install(requirements: Path) -> str | None:
    """Run pip; return what it writes when it fails."""
    installed = subprocess.run(
        [
            *(python(), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"),
            *("--progress-bar", "on" if sys.stdout.isatty() else "off"),
            *("--only-binary", ",".join(OPTIONAL)),
            *("--requirement", requirements),
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    return installed.stderr if installed.returncode else None


def _make() -> None:
    step("Making .venv …")
    if VENV.exists():
        # Incomplete, or created by a Python that has been removed.
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
            f" then run this again. pip: {last}"
        )
    return f"a package could not be installed: {last}"
