"""``python lab.py test``: every check of the project."""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from launch import browsers
from launch.child import Child
from launch.console import error, step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_QUICK = (
    ("ruff", ["-m", "ruff", "check", "."]),
    ("ruff format", ["-m", "ruff", "format", "--check", "."]),
    ("codespell", ["-m", "codespell_lib"]),
    ("deno fmt", ["-m", "deno", "fmt", "--check"]),
    ("deno lint", ["-m", "deno", "lint"]),
)
# These compute while pytest, of which most time is waiting, runs.
_BESIDE = (
    ("import-linter", ["-c", "from importlinter.cli import lint_imports_command as c; c()"]),
    ("deno check", ["-m", "deno", "check", "dashboard/static", "lesson/static", "tests/js"]),
    ("deno test", ["-m", "deno", "test", "--quiet", "--no-check", "--allow-read"]),
    ("mypy", ["-m", "mypy"]),
)
# Three workers also on two cores: most of what a test takes is waiting.
_PYTEST = ["-m", "pytest", "-q", "-n", "3", "-m", "not long"]


def run(arguments: Sequence[str]) -> int:
    """Run all checks, or pytest alone with ``arguments``; return 0 when all passed."""
    browser = browsers.find_or_install()
    with tempfile.TemporaryDirectory(prefix="partition-lab-") as directory:
        environ = {
            **os.environ,
            "LAB_BROWSER": browser,
            "LAB_VAR_DIR": os.environ.get("LAB_VAR_DIR") or str(Path(directory) / "var"),
        }
        if arguments:
            return Child(["-m", "pytest", *arguments], environ).wait()
        failed = [name for name, command in _QUICK if _run(name, command, environ)]
        with Beside(_BESIDE, environ, directory=Path(directory)) as beside:
            if _run("pytest", _PYTEST, environ):
                failed.append("pytest")
            failed += beside.report()
    if failed:
        error(f"failed: {', '.join(failed)}")
        return 1
    step("All checks passed.")
    return 0


def _run(name: str, command: Sequence[str], environ: Mapping[str, str]) -> int:
    step(f"{name} …")
    started = time.monotonic()
    code = Child(command, environ, apart=True).wait()
    _result(name, code, time.monotonic() - started)
    return code


def _result(name: str, code: int, seconds: float) -> None:
    step(f"{name}: {'failed' if code else 'passed'} ({seconds:.1f} s)")


class _Ended(NamedTuple):
    name: str
    code: int
    seconds: float
    output: Path


class Beside:
    """Checks that run one after the other beside something else, and print when that is over."""

    def __init__(
        self,
        checks: Sequence[tuple[str, Sequence[str]]],
        environ: Mapping[str, str],
        *,
        directory: Path,
    ) -> None:
        self._checks = checks
        # What is kept for later is printed as text: colours would be shown as escapes.
        self._environ = {**environ, "NO_COLOR": "1"}
        self._directory = directory
        self._ended: list[_Ended] = []
        self._child: Child | None = None
        self._stopping = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="checks")

    def __enter__(self) -> Self:
        """Begin."""
        step(f"beside pytest: {', '.join(name for name, _ in self._checks)}")
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop what still runs."""
        with self._lock:
            self._stopping = True
            child = self._child
        if child is not None:
            child.stop()
        self._thread.join()

    def report(self) -> list[str]:
        """Wait for the last check, print what failed, and return the names of what did."""
        while self._thread.is_alive():
            self._thread.join(0.2)
        for each in self._ended:
            if each.code:
                sys.stdout.write(each.output.read_text(encoding="utf-8", errors="replace"))
            _result(each.name, each.code, each.seconds)
        return [each.name for each in self._ended if each.code]

    def _run(self) -> None:
        for number, (name, command) in enumerate(self._checks):
            output = self._directory / f"check-{number}"
            started = time.monotonic()
            with output.open("wb") as file:
                with self._lock:
                    if self._stopping:
                        return
                    self._child = Child(command, self._environ, apart=True, output=file)
                code = self._child.wait()
            self._ended.append(_Ended(name, code, time.monotonic() - started, output))
