"""One fault of each kind and target; a failing holder changes nothing."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from base import loops
from faults.errors import FaultError, FaultNotFoundError, HolderError
from faults.holders.holder import Holder
from faults.ledger.ledger import Ledger
from faults.models import FaultRecord
from faults.signals import faults_changed
from systems.current import SYSTEM
from systems.running import RunningSystem
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from faults.fault import Fault, Level

pytestmark = pytest.mark.django_db(databases=["telemetry"], transaction=True)


class FakeHolder(Holder):
    """A holder in memory, which fails on request."""

    self_healing = False

    def __init__(self) -> None:
        self.on: dict[str, Fault] = {}
        self.failing = False
        self.unhealable: set[object] = set()
        """The delays in ms of the faults that it can't heal."""
        self.runs = "first"
        self.missing: set[str] = set()
        """The targets that are not there."""

    def apply(self, fault: Fault) -> None:
        self._answer()
        if fault.parameters.get("ms") == 13 or fault.target in self.missing:
            raise FaultError("not here", field="ms")
        if self.replaces(fault):
            self.on.clear()
        self.on[fault.id] = fault
        if fault.parameters.get("ms") == 14:
            raise HolderError("no answer", may_hold=True)

    def heal(self, fault: Fault) -> None:
        self._answer()
        if fault.parameters.get("ms") in self.unhealable:
            raise HolderError("stuck")
        self.on.pop(fault.id, None)

    def heal_all(self) -> None:
        self._answer()
        self.on.clear()

    def held(self) -> set[str]:
        self._answer()
        return set(self.on)

    def run(self) -> str:
        self._answer()
        return self.runs

    def set_by_environment(self, ids: set[str]) -> list[Fault]:
        return [self.on[each] for each in ids]

    def _answer(self) -> None:
        if self.failing:
            raise HolderError("failing")


@pytest.fixture
def holder() -> FakeHolder:
    """The one holder."""
    return FakeHolder()


@pytest.fixture
def ledger(holder: FakeHolder) -> Iterator[Ledger]:
    """A ledger over it, whose thread is not started."""
    holders: Mapping[Level, Any] = {"socket": holder, "switch": holder}
    made = Ledger(holders)
    yield made
    made.stop_timers()


def slow(**given: Any) -> dict[str, Any]:
    return {"target": "api-to-worker", "kind": "slow", **given}


def test_a_fault_is_set_listed_and_healed(ledger: Ledger, holder: FakeHolder) -> None:
    fault = ledger.set(slow(ms=5))
    assert [each.id for each in ledger.active()] == [fault.id] == list(holder.on)
    ledger.heal(fault.id)
    assert (ledger.active(), holder.on) == ([], {})
    with pytest.raises(FaultNotFoundError):
        ledger.heal(fault.id)


def test_the_same_again_replaces_it(ledger: Ledger, holder: FakeHolder) -> None:
    ledger.set(slow(ms=5))
    second = ledger.set(slow(ms=6))
    assert [each.id for each in ledger.active()] == [second.id] == list(holder.on)


def test_a_fault_that_the_holder_rejects_or_fails_to_apply_changes_nothing(
    ledger: Ledger, holder: FakeHolder
) -> None:
    first = ledger.set(slow(ms=5))
    with pytest.raises(FaultError):
        ledger.set(slow(ms=13))
    holder.failing = True
    with pytest.raises(HolderError):
        ledger.set(slow(ms=6))
    with pytest.raises(HolderError):
        ledger.heal(first.id)
    with pytest.raises(HolderError, match="socket: failing; switch: failing"):
        ledger.heal_all()
    assert [each.id for each in ledger.active()] == [first.id]


def test_sync_drops_the_faults_that_the_holder_has_lost(ledger: Ledger, holder: FakeHolder) -> None:
    gone = ledger.set(slow(ms=5))
    kept = ledger.set({"target": "worker-to-api", "kind": "slow"})
    holder.on.pop(gone.id)
    ledger.sync("socket")
    assert [each.id for each in ledger.active()] == [kept.id]


def test_sync_adds_the_faults_that_the_environment_set(ledger: Ledger, holder: FakeHolder) -> None:
    fault = ledger.set({"target": "worker-to-api", "kind": "cut", "level": "switch"})
    FaultRecord.objects.all().delete()
    ledger.sync("switch")
    assert [each.id for each in ledger.active()] == [fault.id]


def test_a_switch_that_a_service_has_lost_is_renewed(ledger: Ledger, holder: FakeHolder) -> None:
    fault = ledger.set({"target": "worker-to-api", "kind": "cut", "level": "switch"})
    holder.on.clear()
    ledger.renew()
    assert list(holder.on) == [fault.id]


def states(ledger: Ledger) -> list[tuple[str, str]]:
    return [(each["state"], each["healProblem"]) for each in ledger.as_json()]


def test_a_fault_that_can_not_be_healed_when_its_time_is_over_is_listed_and_healed_later(
    ledger: Ledger, holder: FakeHolder
) -> None:
    fault = ledger.set(slow(ms=5, ttlSeconds=0.5))
    assert states(ledger) == [("in_force", "")]
    holder.failing = True
    before = loops.errors().get("end-of-fault", 0)
    eventually(lambda: loops.errors().get("end-of-fault", 0) > before)
    assert [each.id for each in ledger.active()] == [fault.id] == list(holder.on)
    assert states(ledger) == [("heal_failed", "failing")]
    holder.failing = False
    eventually(lambda: not holder.on)
    eventually(lambda: not ledger.active())


def test_a_fault_is_listed_until_the_holder_that_ends_it_has_done_so(
    ledger: Ledger, holder: FakeHolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeHolder, "self_healing", True)
    fault = ledger.set(slow(ms=5, ttlSeconds=0.05))
    eventually(lambda: states(ledger) == [("healing", "")])
    assert [each.id for each in ledger.active()] == [fault.id]
    holder.on.clear()
    eventually(lambda: not ledger.active())


def test_a_holder_that_does_not_end_a_fault_for_long_is_told_to(
    ledger: Ledger, holder: FakeHolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeHolder, "self_healing", True)
    monkeypatch.setattr("faults.ledger.ends._LATE", timedelta(seconds=0.1))
    ledger.set(slow(ms=5, ttlSeconds=0.05))
    eventually(lambda: not holder.on)
    eventually(lambda: not ledger.active())


def test_a_holder_that_is_slow_to_end_a_fault_delays_no_other_change(
    ledger: Ledger, holder: FakeHolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answered = threading.Event(), threading.Event()

    def heal(_fault: Fault) -> None:
        asked.set()
        assert answered.wait(10)

    monkeypatch.setattr(holder, "heal", heal)
    slow_one = ledger.set(slow(ms=5, ttlSeconds=0.05))
    assert asked.wait(10)
    other = ledger.set({"target": "worker-to-api", "kind": "slow"})
    assert [each.id for each in ledger.active()] == [slow_one.id, other.id]
    answered.set()
    eventually(lambda: [each.id for each in ledger.active()] == [other.id])


@pytest.mark.parametrize("all_of_them", [False, True])
def test_a_heal_that_fails_is_tried_again_until_it_holds(
    ledger: Ledger, holder: FakeHolder, *, all_of_them: bool
) -> None:
    fault = ledger.set(slow(ms=5))
    holder.failing = True
    with pytest.raises(HolderError):
        ledger.heal_all() if all_of_them else ledger.heal(fault.id)
    assert states(ledger) == [("heal_failed", "failing")]
    holder.failing = False
    eventually(lambda: not holder.on)
    eventually(lambda: not ledger.active())


def test_after_a_restart_of_the_observer_a_heal_that_failed_is_tried_again(
    ledger: Ledger, holder: FakeHolder
) -> None:
    fault = ledger.set(slow(ms=5))
    holder.failing = True
    with pytest.raises(HolderError):
        ledger.heal(fault.id)
    ledger.stop_timers()
    holder.failing = False
    Ledger({"socket": holder}).start_timers()
    eventually(lambda: not holder.on)
    eventually(lambda: not FaultRecord.objects.exists())


def test_a_fault_whose_predecessor_can_not_be_healed_is_not_set(
    ledger: Ledger, holder: FakeHolder
) -> None:
    first = ledger.set(slow(ms=5))
    holder.unhealable = {5}
    with pytest.raises(HolderError, match="stuck"):
        ledger.set(slow(ms=6))
    assert [each.id for each in ledger.active()] == [first.id] == list(holder.on)
    assert states(ledger) == [("in_force", "")]


def test_a_fault_that_can_be_neither_set_whole_nor_undone_is_listed_until_it_is_undone(
    ledger: Ledger, holder: FakeHolder
) -> None:
    first = ledger.set(slow(ms=5))
    holder.unhealable = {5, 6}
    with pytest.raises(HolderError, match="stuck"):
        ledger.set(slow(ms=6))
    assert states(ledger) == [("in_force", ""), ("heal_failed", "stuck")]
    assert {each.id for each in ledger.active()} == set(holder.on)
    holder.unhealable = {5}
    eventually(lambda: [each.id for each in ledger.active()] == [first.id] == list(holder.on))


def test_a_fault_whose_holder_gave_no_answer_is_undone(ledger: Ledger, holder: FakeHolder) -> None:
    with pytest.raises(HolderError, match="no answer"):
        ledger.set(slow(ms=14))
    assert (ledger.active(), holder.on) == ([], {})
    holder.unhealable = {14}
    with pytest.raises(HolderError, match="no answer"):
        ledger.set(slow(ms=14))
    assert states(ledger) == [("heal_failed", "stuck")]
    holder.unhealable = set()
    eventually(lambda: not holder.on)
    eventually(lambda: not ledger.active())


def test_what_a_fault_has_replaced_is_set_again_when_that_can_not_stay(
    holder: FakeHolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch = FakeHolder()
    ledger = Ledger({"socket": holder, "switch": switch})
    monkeypatch.setattr(holder, "replaces", lambda fault: fault.level == "socket")
    first = ledger.set({"target": "worker-to-api", "kind": "cut"})
    other = replace(first, id="other", level="switch")
    FaultRecord.of(other).save()
    switch.failing = True
    with pytest.raises(HolderError):
        ledger.set({"target": "worker-to-api", "kind": "cut"})
    assert {each.id for each in ledger.active()} == {first.id, "other"}
    assert list(holder.on) == [first.id]
    ledger.stop_timers()


def test_faults_that_restarted_links_have_lost_are_set_again(
    ledger: Ledger, holder: FakeHolder
) -> None:
    fault = ledger.set(slow(ms=5))
    holder.on.clear()
    holder.runs = "second"
    holder.missing = {fault.target}
    # Its link is not there yet.
    ledger.renew()
    ledger.renew()
    assert (list(holder.on), ledger.active()) == ([], [fault])
    other = ledger.set({"target": "worker-to-api", "kind": "slow"})
    holder.missing.clear()
    ledger.renew()
    assert holder.on.keys() == {fault.id, other.id} == {each.id for each in ledger.active()}
    holder.on.clear()
    ledger.renew()
    assert not ledger.active()


def test_a_fault_whose_link_went_with_the_restart_is_listed_no_more(
    ledger: Ledger, holder: FakeHolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = ledger.set(slow(ms=5))
    holder.on.clear()
    holder.runs = "second"
    holder.missing = {fault.target}
    without = RunningSystem(replace(SYSTEM, links=()))
    monkeypatch.setattr("faults.ledger.ledger.RUNNING", without)
    ledger.renew()
    assert not ledger.active()


def test_a_fault_that_somebody_took_out_of_a_link_is_listed_no_more(
    ledger: Ledger, holder: FakeHolder
) -> None:
    ledger.set(slow(ms=5))
    kept = ledger.set({"target": "worker-to-api", "kind": "slow"})
    holder.on = {kept.id: kept}
    ledger.renew()
    assert [each.id for each in ledger.active()] == [kept.id]


@pytest.fixture
def sent() -> Iterator[list[list[str]]]:
    """The ids of the faults in force, as they were sent with each change."""
    frames: list[list[str]] = []

    def receive(frame: dict[str, Any], **_signal: Any) -> None:
        frames.append([each["id"] for each in frame["faults"]])

    faults_changed.connect(receive)
    yield frames
    faults_changed.disconnect(receive)


def test_a_change_is_sent_though_a_receiver_fails(ledger: Ledger, sent: list[list[str]]) -> None:
    def broken(**_signal: Any) -> None:
        raise ValueError("no page")

    faults_changed.connect(broken)
    try:
        fault = ledger.set(slow(ms=5))
        ledger.heal(fault.id)
    finally:
        faults_changed.disconnect(broken)
    assert sent == [[fault.id], []]


def test_sync_sends_a_change_only_when_something_has_changed(
    ledger: Ledger, holder: FakeHolder, sent: list[list[str]]
) -> None:
    fault = ledger.set(slow(ms=5))
    ledger.sync("socket")
    assert sent == [[fault.id]]
    holder.on.clear()
    ledger.sync("socket")
    assert sent == [[fault.id], []]
    holder.on[fault.id] = fault
    ledger.sync("socket")
    assert sent == [[fault.id], [], [fault.id]]
