"""One fault of each kind and target; what a holder can't do changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from faults.fault import Fault, FaultError
from faults.holders.holder import HolderError
from faults.ledger import Ledger
from faults.models import FaultRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faults.fault import Level

pytestmark = pytest.mark.django_db(databases=["telemetry"], transaction=True)


class Held:
    """A holder that remembers, and fails when told to."""

    self_healing = False

    def __init__(self) -> None:
        self.on: dict[str, Fault] = {}
        self.away = False

    def apply(self, fault: Fault) -> None:
        self._answer()
        if fault.parameters.get("ms") == 13:
            raise FaultError("not here", field="ms")
        self.on[fault.id] = fault

    def heal(self, fault: Fault) -> None:
        self._answer()
        self.on.pop(fault.id, None)

    def replaces(self, fault: Fault) -> bool:
        return False

    def heal_everything(self) -> None:
        self._answer()
        self.on.clear()

    def held(self) -> set[str]:
        self._answer()
        return set(self.on)

    def found(self, ids: set[str]) -> list[Fault]:
        return [self.on[each] for each in ids]

    def _answer(self) -> None:
        if self.away:
            raise HolderError("away")


@pytest.fixture
def holder() -> Held:
    """The one holder."""
    return Held()


@pytest.fixture
def ledger(holder: Held) -> Ledger:
    """A ledger over it, whose thread is not started."""
    holders: Mapping[Level, Any] = {"socket": holder, "switch": holder}
    return Ledger(holders)


def slow(**given: Any) -> dict[str, Any]:
    return {"target": "api-to-worker", "kind": "slow", **given}


def test_a_fault_is_set_listed_and_healed(ledger: Ledger, holder: Held) -> None:
    fault = ledger.set(slow(ms=5))
    assert [each.id for each in ledger.active()] == [fault.id] == list(holder.on)
    assert ledger.heal(fault.id)
    assert (ledger.active(), holder.on) == ([], {})
    assert not ledger.heal(fault.id)


def test_the_same_again_replaces_it(ledger: Ledger, holder: Held) -> None:
    ledger.set(slow(ms=5))
    second = ledger.set(slow(ms=6))
    assert [each.id for each in ledger.active()] == [second.id] == list(holder.on)


def test_what_the_holder_refuses_or_can_not_do_changes_nothing(
    ledger: Ledger, holder: Held
) -> None:
    first = ledger.set(slow(ms=5))
    with pytest.raises(FaultError):
        ledger.set(slow(ms=13))
    holder.away = True
    with pytest.raises(HolderError):
        ledger.set(slow(ms=6))
    with pytest.raises(HolderError):
        ledger.heal(first.id)
    assert ledger.heal_all() == ["socket: away", "switch: away"]
    assert [each.id for each in ledger.active()] == [first.id]


def test_after_a_start_the_ledger_agrees_with_its_holder(ledger: Ledger, holder: Held) -> None:
    gone = ledger.set(slow(ms=5))
    kept = ledger.set({"target": "worker-to-api", "kind": "slow"})
    holder.on.pop(gone.id)
    ledger.agree("socket")
    assert [each.id for each in ledger.active()] == [kept.id]


def test_what_the_environment_turned_on_is_taken_up(ledger: Ledger, holder: Held) -> None:
    fault = ledger.set({"target": "worker-to-api", "kind": "cut", "level": "switch"})
    FaultRecord.objects.all().delete()
    ledger.agree("switch")
    assert [each.id for each in ledger.active()] == [fault.id]


def test_what_a_service_forgot_is_turned_on_again(ledger: Ledger, holder: Held) -> None:
    fault = ledger.set({"target": "worker-to-api", "kind": "cut", "level": "switch"})
    holder.on.clear()
    ledger.renew()
    assert list(holder.on) == [fault.id]
