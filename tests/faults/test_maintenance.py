"""After a start the ledger is synced, the environment's faults are set, and switches renewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faults.ledger import maintenance
from faults.ledger.ledger import Ledger
from faults.ledger.maintenance import Maintenance
from tests.faults.test_ledger import FakeHolder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.conf import LazySettings

pytestmark = pytest.mark.django_db(databases=["telemetry"], transaction=True)


@pytest.fixture
def holder() -> FakeHolder:
    return FakeHolder()


@pytest.fixture
def ledger(holder: FakeHolder) -> Iterator[Ledger]:
    made = Ledger({"switch": holder})
    yield made
    made.stop_timers()


def active(ledger: Ledger) -> list[tuple[str, str]]:
    return [(fault.kind, fault.set_by) for fault in ledger.active()]


def test_the_environments_faults_are_set_once_the_holder_responds(
    ledger: Ledger, holder: FakeHolder, settings: LazySettings
) -> None:
    settings.LAB_FAULTS = "worker slow ms=5"
    loop = Maintenance(ledger)
    holder.failing = True
    assert loop._step() == maintenance._SYNC_SECONDS
    assert active(ledger) == []
    holder.failing = False
    assert loop._step() == maintenance._RENEW_SECONDS
    assert active(ledger) == [("slow", "environment")]


def test_a_fault_that_is_still_in_force_is_not_set_again(
    ledger: Ledger, settings: LazySettings
) -> None:
    settings.LAB_FAULTS = "worker slow ms=5"
    ledger.set({"target": "worker", "kind": "slow", "ms": 7, "setBy": "page"})
    Maintenance(ledger)._step()
    assert active(ledger) == [("slow", "page")]


def test_a_holder_that_never_responds_is_left_out(
    ledger: Ledger, holder: FakeHolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance, "_SYNC_ATTEMPTS", 2)
    loop = Maintenance(ledger)
    holder.failing = True
    assert [loop._step(), loop._step()] == [maintenance._SYNC_SECONDS, maintenance._RENEW_SECONDS]


def test_a_malformed_setting_is_logged(
    ledger: Ledger, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.LAB_FAULTS = "worker"
    Maintenance(ledger)._step()
    assert "LAB_FAULTS could not be set" in caplog.text


def test_a_lost_switch_is_renewed(ledger: Ledger, holder: FakeHolder) -> None:
    loop = Maintenance(ledger)
    loop._step()
    fault = ledger.set({"target": "worker", "kind": "slow"})
    holder.on.clear()
    holder.failing = True
    loop._step()
    holder.failing = False
    loop._step()
    assert list(holder.on) == [fault.id]
