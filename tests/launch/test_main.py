"""``lab.py``'s two commands: what each prepares, what it hands on, how it ends."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

import pytest

from launch import checks, environment, main, running
from launch.errors import LaunchError

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was prepared and run, in that order; the lab ends with 5, the tests with 6."""
    calls: list[Any] = []

    def ending(name: str, code: int) -> Any:
        def run(arguments: list[str]) -> int:
            calls.append((name, arguments))
            return code

        return run

    monkeypatch.setattr(environment, "prepare", calls.append)
    monkeypatch.setattr(running, "run", ending("lab", 5))
    monkeypatch.setattr(checks, "run", ending("tests", 6))
    return calls


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """Put back what the command sets for this process."""
    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    before = {n: signal.getsignal(getattr(signal, n)) for n in names if hasattr(signal, n)}
    yield
    for name, handler in before.items():
        signal.signal(getattr(signal, name), handler)


@pytest.mark.parametrize(
    ("arguments", "handed_on"), [([], []), (["run"], []), (["--no-browser"], ["--no-browser"])]
)
def test_the_lab_is_run_with_what_it_needs(
    called: list[Any], arguments: list[str], handed_on: list[str]
) -> None:
    assert main.main(arguments) == 5
    assert called == ["requirements.txt", ("lab", handed_on)]


def test_tests_are_run_with_what_they_need(called: list[Any]) -> None:
    assert main.main(["test", "-k", "order"]) == 6
    assert called == ["requirements-dev.txt", ("tests", ["-k", "order"])]


@pytest.mark.parametrize(("arguments", "code"), [(["--help"], 0), (["-h"], 0), (["moon"], 2)])
def test_anything_else_is_told_how_it_is_used(
    called: list[Any], capsys: pytest.CaptureFixture[str], arguments: list[str], code: int
) -> None:
    assert main.main(arguments) == code
    assert capsys.readouterr().out.startswith("usage: python lab.py")
    assert called == []


def test_what_is_missing_is_said_in_a_sentence(
    called: list[Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_requirements: str) -> None:
        raise LaunchError("no index: check the network.")

    monkeypatch.setattr(environment, "prepare", fail)
    assert main.main([]) == 1
    assert capsys.readouterr().err == "lab.py: no index: check the network.\n"
    assert called == []


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_as_an_interruption(
    called: list[Any], monkeypatch: pytest.MonkeyPatch, sent: signal.Signals
) -> None:
    monkeypatch.setattr(environment, "prepare", lambda _requirements: signal.raise_signal(sent))
    assert main.main([]) == 130
    assert called == []
