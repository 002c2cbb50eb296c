"""Each defence: the fault hurts without it, and does not with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.lab.defences import turn
from tests.support.lab.manage import manage
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.flow, pytest.mark.timeout(90)]


def status(lab: LabProcesses, placed: dict[str, Any]) -> str:
    status: str = lab.order(placed["orderId"])["status"]
    return status


def stays_pending(lab: LabProcesses, placed: dict[str, Any]) -> bool:
    """Whether another order, placed now, overtakes it: this one is not being worked at."""
    later = lab.place_order().json()
    assert later["status"] == "CONFIRMED"
    return status(lab, placed) == "PENDING"


def test_a_cut_strands_a_job_and_not_with_an_outbox(lab: LabProcesses) -> None:
    lab.set_fault("api-to-worker", "cut")
    stranded = lab.place_order().json()
    turn(lab, outbox=True)
    kept = lab.place_order().json()
    assert (stranded["status"], kept["status"]) == ("PENDING", "PENDING")
    lab.heal_all()
    eventually(lambda: status(lab, kept) == "CONFIRMED", seconds=15)
    assert stays_pending(lab, stranded)
    reservation = lab.reservation(kept["orderId"])
    assert reservation is not None

    def one_trace() -> bool:
        spans = lab.trace_of(kept["orderId"]).get("spans", [])
        attempts = [s["attributes"]["lab.attempt"] for s in spans if s["name"] == "job.deliver"]
        return (
            len(attempts) > 1 and attempts == sorted(attempts) and status(lab, kept) == "CONFIRMED"
        )

    eventually(one_trace, seconds=10)


def test_an_outbox_outlives_a_crash_of_the_api(lab: LabProcesses) -> None:
    turn(lab, outbox=True)
    lab.set_fault("api-to-worker", "cut")
    placed = lab.place_order().json()
    lab.set_fault("api", "crash")
    lab.heal_all()
    eventually(lambda: status(lab, placed) == "CONFIRMED", seconds=20)


def test_a_lost_callback_strands_an_order_and_not_with_a_callback_outbox(
    lab: LabProcesses,
) -> None:
    lab.set_fault("worker-to-api", "cut")
    stranded = lab.place_order().json()
    turn(lab, callback_outbox=True)
    kept = lab.place_order().json()
    lab.heal_all()
    eventually(lambda: status(lab, kept) == "CONFIRMED", seconds=15)
    assert stays_pending(lab, stranded)


def test_a_lost_callback_is_reconciled(lab: LabProcesses) -> None:
    lab.set_fault("worker-to-api", "cut")
    placed = lab.place_order().json()
    lab.heal_all()
    assert stays_pending(lab, placed)
    turn(lab, reconciliation=True)
    eventually(lambda: status(lab, placed) == "CONFIRMED", seconds=15)
    eventually(
        lambda: any(log["msg"] == "order reconciled" for log in lab.logs_of(placed["requestId"]))
    )


def test_what_was_never_reserved_is_not_reconciled(lab: LabProcesses) -> None:
    turn(lab, reconciliation=True)
    lab.set_fault("api-to-worker", "cut")
    placed = lab.place_order().json()
    lab.heal_all()
    eventually(
        lambda: any(
            span["name"] == "order.reconcile"
            for span in lab.trace_of(placed["orderId"]).get("spans", [])
        ),
        seconds=15,
    )
    assert status(lab, placed) == "PENDING"


def test_a_job_delivered_twice_reserves_twice_and_not_with_idempotent_jobs(
    lab: LabProcesses,
) -> None:
    lab.set_fault("api-to-worker", "duplicate")
    hurt = lab.place_order().json()
    eventually(lambda: (lab.reservation(hurt["orderId"]) or {}).get("count") == 2)
    turn(lab, idempotent_jobs=True)
    spared = lab.place_order().json()
    eventually(
        lambda: any(
            log["msg"] == "job repeated: nothing reserved again"
            for log in lab.logs_of(spared["requestId"])
        )
    )
    assert (lab.reservation(spared["orderId"]) or {}).get("count") == 1


def test_a_first_failure_strands_a_job_and_not_with_retry(lab: LabProcesses) -> None:
    lab.set_fault("api-to-worker", "fail_first", count=1)
    stranded = lab.place_order().json()
    assert stranded["status"] == "PENDING"
    lab.heal_all()
    turn(lab, retry=True)
    lab.set_fault("api-to-worker", "fail_first", count=1)
    assert lab.place_order().json()["status"] == "CONFIRMED"
    assert stays_pending(lab, stranded)


def test_a_service_that_was_started_anew_gets_its_defences_back(lab: LabProcesses) -> None:
    turn(lab, idempotent_jobs=True)
    lab.set_fault("worker", "crash")
    lab.heal_all()
    lab.set_fault("api-to-worker", "duplicate")

    def reserved_once() -> bool:
        placed = lab.place_order().json()
        eventually(lambda: lab.reservation(placed["orderId"]))
        logged = [log["msg"] for log in lab.logs_of(placed["requestId"])]
        return "job repeated: nothing reserved again" in logged

    eventually(reserved_once, seconds=20, every=0.5)


@pytest.mark.parametrize(
    "wrong", [{"moon": True}, {"retry": "yes"}, {}, [], {"retry": True, "moon": True}]
)
def test_what_is_no_defence_is_refused_and_changes_nothing(lab: LabProcesses, wrong: Any) -> None:
    answer = lab.session.patch(f"{lab.observer_url}/api/defences", json=wrong, timeout=10)
    assert answer.status_code == 400
    assert not any(each["on"] for each in lab.get("/api/defences")["defences"])


def test_the_command_turns_them_on_and_off(lab: LabProcesses) -> None:
    run = partial(manage, lab.environ, "defence")

    assert "on  outbox" in run("on", "outbox", "idempotent_jobs").stdout
    states = {each["name"]: each["on"] for each in lab.get("/api/defences")["defences"]}
    assert (states["outbox"], states["idempotent_jobs"], states["retry"]) == (True, True, False)
    listed = run("off", "outbox", "idempotent_jobs").stdout.splitlines()
    assert all(line.startswith("off ") for line in listed)
    assert run("on", "moon").returncode != 0
