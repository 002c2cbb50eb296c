from __future__ import annotations

import logging
import threading
from concurrent.futures import InvalidStateError
from typing import TYPE_CHECKING

import pytest

from base import loops
from base.loops import registry
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class FakeTime:
    """A clock that waiting moves on; ``waited`` lists the seconds of each wait."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waited: list[float] = []

    def wait(self, seconds: float | None) -> None:
        assert seconds is not None
        self.now += seconds
        # What is left over by adding fractions is no wait.
        if seconds > 1e-9:
            self.waited.append(round(seconds, 6))


class Scripted:
    """A step that raises or returns what is listed, then ends the loop."""

    def __init__(self, *outcomes: BaseException | float | None) -> None:
        self._outcomes: Iterator[BaseException | float | None] = iter(outcomes)
        self.health: list[loops.Health] = []
        self.loop: loops.Loop | None = None

    def __call__(self) -> float | None:
        if self.loop is not None:
            self.health.append(self.loop.health)
        outcome = next(self._outcomes, loops.DONE)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome


def run(step: Callable[[], float | None], *, every: float = 1.0) -> FakeTime:
    time = FakeTime()
    loops.Loop("scripted", step, every=every, clock=lambda: time.now, wait=time.wait).run()
    return time


@pytest.mark.parametrize(
    "error", [ValueError("no"), InvalidStateError("done"), GeneratorExit(), MemoryError()]
)
def test_it_goes_on_after_whatever_a_step_raises(error: BaseException) -> None:
    calls: list[int] = []
    script = Scripted(None, error, None)

    def step() -> float | None:
        calls.append(1)
        return script()

    run(step)
    assert len(calls) == 4


def test_a_thread_goes_on_after_a_step_that_exits() -> None:
    script = Scripted(SystemExit(1))
    over = threading.Event()
    loop = loops.Loop("exits", script, finish=over.set)
    loop.start()
    assert over.wait(5)
    assert loop.health.errors == 1


def test_pauses_grow_after_failures_are_bounded_and_begin_anew_after_a_success() -> None:
    errors = [ValueError(str(number)) for number in range(8)]
    time = run(Scripted(*errors, None, ValueError("again")), every=7)
    assert time.waited == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0, 7, 0.1]


def test_a_step_may_say_when_the_next_one_comes() -> None:
    assert run(Scripted(0.25, None), every=7).waited == [0.25, 7]


def test_an_exception_is_logged_with_its_trace_and_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    script = Scripted(ValueError("broken"), ValueError("broken"), None)
    time = FakeTime()
    loop = loops.Loop("counted", script, clock=lambda: time.now, wait=time.wait)
    script.loop = loop
    with caplog.at_level(logging.ERROR, logger="loops"):
        loop.run()
    assert [record.getMessage() for record in caplog.records] == [
        "counted failed, 1 in a row",
        "counted failed, 2 in a row",
    ]
    # The second is the same again.
    assert [bool(record.exc_info) for record in caplog.records] == [True, False]
    assert [(each.failures, each.errors) for each in script.health] == [
        (0, 0),
        (1, 1),
        (2, 2),
        (0, 2),
    ]
    assert script.health[2].last_error == "ValueError: broken"
    assert script.health[2].since is not None
    assert script.health[1].since == script.health[2].since
    assert script.health[3].since is None


def test_one_that_fails_too_often_in_a_row_is_a_problem_until_it_succeeds() -> None:
    broken = threading.Event()
    broken.set()

    def step() -> None:
        if broken.is_set():
            raise ValueError("broken")

    loop = loops.Loop("flaky", step, every=0.01, longest_pause=0.01)
    loop.start()
    try:
        found = eventually(lambda: [p for p in loops.problems() if p.params["loop"] == "flaky"])
        assert found[0].code == "loop_failing"
        assert found[0].params["error"] == "ValueError: broken"
        broken.clear()
        eventually(lambda: not [p for p in loops.problems() if p.params["loop"] == "flaky"])
    finally:
        loop.stop()


def test_a_loop_whose_thread_is_gone_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = loops.Loop("gone", lambda: None, every=None)
    monkeypatch.setattr(loop, "_run", lambda: None)
    loop.start()
    try:
        found = eventually(lambda: [p for p in loops.problems() if p.params["loop"] == "gone"])
        assert found[0].code == "loop_dead"
    finally:
        loop.stop()
    assert not [each for each in loops.health() if each.name == "gone"]


def test_stopping_waits_for_the_step_in_progress_and_may_be_repeated() -> None:
    begun, go_on = threading.Event(), threading.Event()
    ended: list[str] = []

    def step() -> None:
        begun.set()
        assert go_on.wait(5)
        ended.append("step")

    loop = loops.Loop("slow", step, every=None, finish=lambda: ended.append("finish"))
    loop.start()
    assert begun.wait(5)
    threading.Timer(0.05, go_on.set).start()
    loop.stop()
    assert ended == ["step", "finish"]
    loop.stop()
    loop.start()
    assert ended == ["step", "finish"]
    assert "slow" not in [each.name for each in loops.health()]


def test_a_loop_that_waits_for_ever_is_woken() -> None:
    steps = threading.Semaphore(0)
    loop = loops.Loop("woken", lambda: steps.release(), every=None)
    loop.start()
    try:
        assert steps.acquire(timeout=5)
        assert not steps.acquire(timeout=0.05)
        loop.wake()
        assert steps.acquire(timeout=5)
    finally:
        loop.stop()


def test_an_interrupt_of_the_main_thread_is_passed_on() -> None:
    loop = loops.Loop("interrupted", Scripted(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        loop.run()
    assert "interrupted" not in [each.name for each in loops.health()]


def test_what_a_thread_holds_is_released_after_a_failed_step_and_at_the_end(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    events: list[str] = []
    outcomes = iter([None, ValueError("broken"), None])

    def step() -> float | None:
        events.append("step")
        outcome = next(outcomes, loops.DONE)
        if isinstance(outcome, ValueError):
            raise outcome
        return outcome

    def release() -> None:
        events.append("release")
        raise OSError("not even that")

    monkeypatch.setattr(registry, "_releases", [])
    loops.release_by(release)
    loops.release_by(release)
    run(step)
    assert events == ["step", "step", "release", "step", "step", "release"]
    assert "could not be released" in caplog.text
    loops.attempt("good", list)
    assert events[6:] == []
    loops.attempt("bad", lambda: [][0])
    assert events[6:] == ["release"]


def test_a_timer_is_tried_again_until_it_holds() -> None:
    held = threading.Event()
    outcomes = iter([ValueError("not yet"), ValueError("not yet")])

    def action() -> None:
        error = next(outcomes, None)
        if error:
            raise error
        held.set()

    timer = loops.Timer("heal", action, delay=0.01)
    timer.start()
    assert held.wait(5)
    eventually(lambda: "heal" not in [each.name for each in loops.health()])
    assert timer.health.errors == 2


def test_a_cancelled_timer_does_nothing() -> None:
    called: list[int] = []
    timer = loops.Timer("cancelled", lambda: called.append(1), delay=0.05)
    timer.start()
    timer.cancel()
    timer.stop()
    assert not called
