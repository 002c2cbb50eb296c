"""``python lab.py test``: every check that keeps the project honest, in one go."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path

from launch import browsers
from launch.environment import ROOT, python
from launch.say import error, step

_PYTHON_ROOMS = (
    "boundary",
    "telemetry",
    "evidence",
    "outbox",
    "orders",
    "worker",
    "network",
    "faults",
    "defences",
    "dashboard",
    "experiments",
    "lesson",
    "labsite",
    "launch",
    "benchmarks",
    "tests",
)

_CHECKS = (
    ("ruff", ["-m", "ruff", "check", "."]),
    ("ruff format", ["-m", "ruff", "format", "--check", "."]),
    ("mypy", ["-m", "mypy", "lab.py", "manage.py", *_PYTHON_ROOMS]),
    ("import-linter", ["-c", "from importlinter.cli import lint_imports_command as c; c()"]),
    ("codespell", ["-m", "codespell_lib"]),
    ("deno fmt", ["-m", "deno", "fmt", "--check"]),
    ("deno lint", ["-m", "deno", "lint"]),
    ("deno check", ["-m", "deno", "check", "dashboard/static", "lesson/static", "tests/js"]),
    ("deno test", ["-m", "deno", "test", "--quiet", "--no-check", "--allow-read"]),
)


def run(arguments: list[str]) -> int:
    """Run all checks, or pytest alone with ``arguments``; return 0 when all passed."""
    browser = browsers.find_or_install()
    with tempfile.TemporaryDirectory(prefix="partition-lab-") as directory:
        environ = {
            **os.environ,
            "LAB_BROWSER": browser,
            "LAB_VAR_DIR": os.environ.get("LAB_VAR_DIR") or str(Path(directory) / "var"),
        }
        if arguments:
            return _run("pytest", ["-m", "pytest", *arguments], environ)
        failed = [name for name, command in _CHECKS if _run(name, command, environ)]
        if _run("pytest", ["-m", "pytest", "-q", "-n", "2", "--dist", "loadfile"], environ):
            failed.append("pytest")
    if failed:
        error(f"failed: {', '.join(failed)}")
        return 1
    step("All checks passed.")
    return 0


def _run(name: str, command: list[str], environ: dict[str, str]) -> int:
    step(f"{name} …")
    started = time.monotonic()
    code = subprocess.run([python(), *command], cwd=ROOT, env=environ, check=False).returncode
    step(f"{name}: {'failed' if code else 'passed'} ({time.monotonic() - started:.1f} s)")
    return code
