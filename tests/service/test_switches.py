"""A switch in the code expires when its time is over."""

from __future__ import annotations

from service.simulation.switches import Switched, Switches


class Clock:
    """A clock that is set by the test."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def _cut(fault_id: str, expires_at: float | None = None) -> Switched:
    return Switched(fault_id, "cut", "there", {}, expires_at)


def test_it_is_off_once_its_time_is_over() -> None:
    clock = Clock()
    switches = Switches(clock)
    switches.set(_cut("a", switches.expiry(5)))
    clock.now += 4.9
    assert switches.find("there", "cut") is not None
    clock.now += 0.1
    assert switches.find("there", "cut") is None
    assert switches.active() == []


def test_one_that_never_ends_shows_when_a_later_one_is_over() -> None:
    clock = Clock()
    switches = Switches(clock)
    switches.set(_cut("for ever"))
    switches.set(_cut("short", switches.expiry(1)))
    clock.now += 2
    found = switches.find("there", "cut")
    assert found is not None
    assert found.id == "for ever"


def test_the_same_id_replaces() -> None:
    switches = Switches(Clock())
    switches.set(Switched("a", "slow", "there", {"ms": 1}))
    switches.set(Switched("a", "slow", "there", {"ms": 2}))
    assert [each.parameters["ms"] for each in switches.active()] == [2]


def test_healing_one_leaves_the_others_and_may_be_repeated() -> None:
    switches = Switches(Clock())
    switches.set(_cut("a"))
    switches.set(_cut("b"))
    switches.heal("a")
    switches.heal("a")
    assert [each.id for each in switches.active()] == ["b"]
    switches.heal()
    assert switches.active() == []


def test_other_targets_and_kinds_are_not_found() -> None:
    switches = Switches(Clock())
    switches.set(_cut("a"))
    assert switches.find("elsewhere", "cut") is None
    assert switches.find("there", "slow") is None


def test_those_that_are_over_are_forgotten() -> None:
    clock = Clock()
    switches = Switches(clock)
    for number in range(1_000):
        switches.set(_cut(f"fault {number}", switches.expiry(1)))
        clock.now += 2
    assert len(switches._switched) == 1
