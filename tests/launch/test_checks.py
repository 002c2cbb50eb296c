"""``lab.py test``: every check runs and counts, also beside pytest, and Ctrl-C ends them all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from launch import browsers, checks, child
from tests.support.processes import ROOT
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Sequence

GOOD = ["-c", "print('well')"]
BAD = ["-c", "print('the reason'); raise SystemExit(3)"]


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsers, "find_or_install", lambda: "a browser")
    monkeypatch.setattr(child, "python", lambda: Path(sys.executable))


def run(
    monkeypatch: pytest.MonkeyPatch,
    *,
    quick: Sequence[str] = GOOD,
    beside: Sequence[str] = GOOD,
    pytest_: Sequence[str] = GOOD,
) -> int:
    monkeypatch.setattr(checks, "_QUICK", (("quick", quick),))
    monkeypatch.setattr(checks, "_BESIDE", (("first", GOOD), ("slow", beside)))
    monkeypatch.setattr(checks, "_PYTEST", list(pytest_))
    return checks.run([])


def test_all_that_pass_are_a_pass(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch) == 0
    printed = capfd.readouterr().out
    for name in ("quick", "pytest", "first", "slow"):
        assert f"· {name}: passed (" in printed
    assert printed.endswith("· All checks passed.\n")


@pytest.mark.parametrize("failing", ["quick", "beside", "pytest_"])
def test_one_that_fails_fails_all_and_the_others_are_run_nevertheless(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], failing: str
) -> None:
    assert run(monkeypatch, **{failing: BAD}) == 1
    printed = capfd.readouterr()
    assert printed.out.count("failed (") == 1
    assert printed.out.count("passed (") == 3
    assert "the reason\n" in printed.out
    assert printed.err.startswith("lab.py: failed: ")


def test_pytest_alone_has_its_arguments_and_its_own_exit_code(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert checks.run(["--version"]) == 0
    assert checks.run(["--no-such-option"]) == 4
    assert capfd.readouterr().out.count("pytest") == 1


def test_every_process_has_a_browser_and_a_folder_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("LAB_VAR_DIR", raising=False)
    shown = ["-c", "import os; print(os.environ['LAB_BROWSER'], os.environ['LAB_VAR_DIR'])"]
    assert run(monkeypatch, pytest_=shown) == 0
    line = next(each for each in capfd.readouterr().out.splitlines() if "a browser" in each)
    assert not Path(line.removeprefix("a browser ")).exists()


SLEEPING = """
import pathlib, sys, time
file = pathlib.Path(sys.argv[1]) / sys.argv[2]
file.write_text("up")
try:
    time.sleep(60)
finally:
    file.write_text("ended")
"""
RUNNING = """
import pathlib, sys
from launch import browsers, checks, child, main, environment
browsers.find_or_install = lambda: "a browser"
child.python = lambda: pathlib.Path(sys.executable)
environment.prepare = lambda _requirements: None
sleep, at = sys.argv[1:]
checks._QUICK = ()
checks._BESIDE = (("beside", ["-c", sleep, at, "beside"]), ("never", ["-c", sleep, at, "never"]))
checks._PYTEST = ["-c", sleep, at, "pytest"]
sys.exit(main.main(["test"]))
"""


@pytest.mark.skipif(os.name == "nt", reason="there Ctrl-C reaches a whole console")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_every_check_in_its_own_way(tmp_path: Path, sent: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", RUNNING, SLEEPING, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
    )

    def states() -> set[tuple[str, str]]:
        return {(path.name, path.read_text(encoding="ascii")) for path in tmp_path.iterdir()}

    eventually(lambda: states() == {("beside", "up"), ("pytest", "up")})
    process.send_signal(sent)
    process.communicate(timeout=10)
    assert process.returncode == 130
    assert states() == {("beside", "ended"), ("pytest", "ended")}


def test_what_is_kept_for_later_is_written_without_colours(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    shown = ["-c", "import os; print('NO_COLOR', os.environ['NO_COLOR']); raise SystemExit(1)"]
    assert run(monkeypatch, beside=shown) == 1
    assert "NO_COLOR 1\n" in capfd.readouterr().out
