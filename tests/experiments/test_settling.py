"""Waiting ends when enough is seen, when nothing changes any more, or when time is up."""

from __future__ import annotations

from typing import Any

import pytest

from experiments.checker import settling
from experiments.checker.history import Operation


class Clock:
    """Time that passes only where somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(settling, "time", made)
    return made


class Values:
    """What is seen at each look, by the seconds since the first; and when it was looked."""

    def __init__(self, clock: Clock, **changes: float) -> None:
        self._clock = clock
        self._began = clock.now
        self._changes = changes
        self.looks: list[float] = []

    def __call__(self) -> str:
        self.looks.append(round(self._clock.now - self._began, 3))
        return [name for name, at in self._changes.items() if at <= self.looks[-1]][-1]


def test_what_is_enough_at_once_needs_no_time(clock: Clock) -> None:
    values = Values(clock, done=0)
    got = settling.wait_until_still(
        values, still_seconds=1, most_seconds=9, enough=lambda seen: seen == "done"
    )
    assert (got, values.looks) == ("done", [0])


def test_it_ends_as_soon_as_it_is_enough(clock: Clock) -> None:
    values = Values(clock, one=0, done=0.5, more=0.75)
    got = settling.wait_until_still(
        values, still_seconds=9, most_seconds=9, enough=lambda seen: seen == "done"
    )
    assert (got, values.looks) == ("done", [0, 0.25, 0.5])


def test_it_ends_once_nothing_has_changed_for_a_while(clock: Clock) -> None:
    values = Values(clock, one=0, two=0.75, three=60)
    assert settling.wait_until_still(values, still_seconds=1, most_seconds=9) == "two"
    assert values.looks[-1] == 1.75


def test_what_changes_on_and_on_ends_when_time_is_up(clock: Clock) -> None:
    counted = iter(range(1_000))
    settling.wait_until_still(lambda: next(counted), still_seconds=1, most_seconds=5)
    assert clock.now == 105
    assert next(counted) == 21


def test_waiting_for_something_looks_once_at_least(clock: Clock) -> None:
    values = Values(clock, never=0)
    assert settling.wait_for(values, lambda _: False, 0) == "never"
    assert values.looks == [0]
    assert settling.wait_for(values, lambda _: False, -1) == "never"
    assert values.looks == [0, 0]


def test_waiting_for_something_ends_with_it(clock: Clock) -> None:
    values = Values(clock, not_yet=0, here=0.2, gone=0.3)
    assert settling.wait_for(values, lambda seen: seen == "here", 5) == "here"
    assert values.looks == [0, 0.1, 0.2]


def test_waiting_for_something_ends_when_time_is_up(clock: Clock) -> None:
    values = Values(clock, not_yet=0, here=60)
    assert settling.wait_for(values, lambda seen: seen == "here", 1) == "not_yet"
    assert values.looks[-1] == pytest.approx(1, abs=0.11)


class Orders:
    """A lab that knows some orders that are PENDING, and how it was asked for them."""

    def __init__(self, *counts: int) -> None:
        self._counts = iter(counts)
        self.filters: list[dict[str, Any]] = []

    def orders(self, **filters: Any) -> list[dict[str, str]]:
        self.filters.append(filters)
        return [{"requestId": f"r{number}"} for number in range(next(self._counts))]


def operations(count: int) -> list[Operation]:
    return [Operation(number, f"r{number}", 0, 1, "ok") for number in range(count)]


def test_only_the_orders_of_the_history_are_counted() -> None:
    lab = Orders(5)
    assert settling.pending(lab, operations(2)) == 2  # type: ignore[arg-type] # a lab of orders
    assert lab.filters == [{"status": "PENDING", "since": None}]


def test_it_is_quiet_once_none_of_them_is_pending(clock: Clock) -> None:
    lab = Orders(2, 1, 0)
    left = settling.wait_for_quiet(
        lab,  # type: ignore[arg-type] # a lab of orders
        operations(2),
        still_seconds=9,
        most_seconds=9,
    )
    assert (left, clock.now) == (0, 100.5)


def test_it_is_quiet_when_their_number_stands_still(clock: Clock) -> None:
    lab = Orders(2, *[1] * 40)
    left = settling.wait_for_quiet(
        lab,  # type: ignore[arg-type] # a lab of orders
        operations(2),
        still_seconds=1,
        most_seconds=9,
    )
    assert (left, clock.now) == (1, 101.25)
