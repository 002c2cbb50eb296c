"""Breaker, deadline, key and consistency: the fault hurts without each, and does not with it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from base.lab import Lab
from experiments.checker.check import check
from experiments.checker.workload import Workload
from tests.support.lab.defences import turn
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from experiments.checker.check import Verdict
    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.flow, pytest.mark.long, pytest.mark.timeout(90)]


def status(lab: LabProcesses, order_id: str) -> str:
    response: str = lab.order(order_id)["status"]
    return response


def timed(lab: LabProcesses) -> tuple[dict[str, Any], float]:
    began = time.monotonic()
    placed: dict[str, Any] = lab.place_order().json()
    return placed, time.monotonic() - began


def logged(lab: LabProcesses, request_id: str, message: str) -> dict[str, Any] | None:
    return next((log for log in lab.logs_of(request_id) if log["msg"] == message), None)


def headline(lab: LabProcesses, order_id: str) -> str:
    found = lab.get("/api/traces", orderId=order_id)["traces"]
    if not found:
        return ""
    response = lab.get(f"/api/traces/{found[0]['traceId']}/evidence")
    text: str = response["diagnosis"]["headline"]
    return text


def workload(lab: LabProcesses) -> Workload:
    return Workload(Lab({"observer_url": lab.observer_url, "client_url": lab.client_url}))


def judged(lab: LabProcesses, load: Workload) -> Verdict:
    out = Lab({"api_url": lab.api_url, "worker_url": lab.worker_url})
    return check(
        load.history.operations,
        orders=out.orders(),
        reservations=out.reservations(),
        stock=out.stock(),
    )


def test_a_silent_worker_makes_every_order_wait_and_not_with_a_breaker(lab: LabProcesses) -> None:
    lab.set_fault("api-to-worker", "request_lost")
    for _ in range(2):
        _, seconds = timed(lab)
        assert seconds > 0.75
    turn(lab, circuit_breaker=True)
    for _ in range(5):
        lab.place_order()
    spared, seconds = timed(lab)
    assert (spared["status"], seconds < 0.5) == ("PENDING", True)
    log = eventually(lambda: logged(lab, spared["requestId"], "failed to deliver job to worker"))
    assert log["attributes"]["circuitBreaker"] == "open"
    assert "errorKind" not in log["attributes"]

    def span() -> dict[str, Any] | None:
        spans = lab.trace_of(spared["orderId"]).get("spans", [])
        return next((each for each in spans if each["name"] == "job.deliver"), None)

    attributes = eventually(span)["attributes"]
    assert attributes["lab.circuit_breaker.state"] == "open"
    assert "error.type" not in attributes
    eventually(lambda: "circuit breaker was open" in headline(lab, spared["orderId"]))
    assert lab.reservation(spared["orderId"]) is None
    lab.heal_all()
    eventually(lambda: lab.place_order().json()["status"] == "CONFIRMED", seconds=10, every=0.3)


def test_a_slow_worker_reserves_for_nobody_and_not_when_it_heeds_the_deadline(
    lab: LabProcesses,
) -> None:
    lab.set_fault("worker", "slow", ms=1_500)
    hurt = lab.place_order().json()
    assert hurt["status"] == "PENDING"
    eventually(lambda: lab.reservation(hurt["orderId"]), seconds=10)
    turn(lab, deadline=True)
    spared = lab.place_order().json()
    log = eventually(
        lambda: logged(lab, spared["requestId"], "job not begun: its deadline has passed"),
        seconds=10,
    )
    assert 500 <= log["attributes"]["lateMs"] < 5_000
    assert lab.reservation(spared["orderId"]) is None
    eventually(lambda: "did not begin a job" in headline(lab, spared["orderId"]))
    lab.heal_all()
    assert lab.place_order().json()["status"] == "CONFIRMED"


def test_jobs_that_wait_for_a_thread_are_not_begun_either(lab: LabProcesses) -> None:
    turn(lab, deadline=True)
    job = {"orderId": "6a0f1c8e-93b5-4a55-9df8-0b7cbd1cf3a9", "requestId": "req-queued"}
    answer = lab.session.post(
        f"{lab.worker_url}/jobs/reserve-stock",
        json=job,
        headers={"X-Envoy-Expected-Rq-Timeout-Ms": "0", "X-Lab-Received": "1e12"},
        timeout=10,
    )
    assert answer.status_code == 504
    assert "nobody awaits it any more" in answer.json()["error"]
    assert lab.reservation(job["orderId"]) is None


def test_a_lost_answer_leaves_its_client_in_the_dark_and_not_with_a_key(lab: LabProcesses) -> None:
    load = workload(lab)

    def place_while_answers_are_lost() -> None:
        lab.set_fault("client-to-api", "response_lost", ttlSeconds=4)
        load.place(1)

    place_while_answers_are_lost()
    assert load.history.operations[-1].outcome == "info"
    turn(lab, idempotency_key=True)
    place_while_answers_are_lost()
    learned = load.history.operations[-1]
    assert (learned.outcome, learned.status) == ("ok", "CONFIRMED")
    assert learned.attempts > 1
    verdict = judged(lab, load)
    assert (verdict.orders, verdict.anomalies["placed_twice"]) == (2, [])


def test_an_order_that_arrives_twice_is_two_orders_and_not_with_a_key(lab: LabProcesses) -> None:
    load = workload(lab)
    lab.set_fault("client-to-api", "duplicate")
    load.place(1)
    eventually(lambda: judged(lab, load).anomalies["placed_twice"])
    turn(lab, idempotency_key=True)
    keyed = workload(lab)
    keyed.place(3)
    assert {each.outcome for each in keyed.history.operations} == {"ok"}
    verdict = judged(lab, keyed)
    assert (verdict.orders, verdict.anomalies["placed_twice"]) == (3, [])


def test_a_key_outlives_a_crash_of_the_api(lab: LabProcesses) -> None:
    def place() -> Any:
        return lab.session.post(
            f"{lab.api_url}/orders",
            json={"sku": "banana"},
            headers={"Idempotency-Key": '"outlives-a-crash"'},
            timeout=15,
        )

    first = place()
    assert first.status_code == 201
    lab.set_fault("api", "crash")
    lab.heal_all()
    again = eventually(lambda: place() if lab.session.get(f"{lab.api_url}/healthz") else None)
    assert (again.content, again.headers["Idempotency-Replayed"]) == (first.content, "true")


def test_an_order_is_acknowledged_and_then_stuck_and_not_in_consistency(
    lab: LabProcesses,
) -> None:
    lab.set_fault("worker-to-api", "cut")
    stranded = lab.place_order()
    assert (stranded.status_code, stranded.json()["status"]) == (201, "PENDING")
    assert turn(lab, mode="consistency")["mode"] == "consistency"
    refused = lab.place_order()
    response = refused.json()
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
    assert (response["status"], response["stock"]) == ("CANCELLED", "unknown")
    assert (lab.reservation(response["orderId"]) or {})["status"] == "RESERVED"
    lab.heal_all()
    load = workload(lab)
    load.place(1)
    assert load.history.operations[0].status == "CONFIRMED"


def test_a_late_callback_confirms_no_cancelled_order_and_its_stock_is_released(
    lab: LabProcesses,
) -> None:
    turn(lab, consistency=True)
    lab.set_fault("worker", "slow", ms=1_500)
    load = workload(lab)
    load.place(1)
    (operation,) = load.history.operations
    assert (operation.outcome, operation.status) == ("fail", "CANCELLED")
    order_id, request_id = str(operation.order_id), operation.request_id
    late = "event for a cancelled order: nothing changed"
    eventually(lambda: logged(lab, request_id, late), seconds=10)
    assert status(lab, order_id) == "CANCELLED"
    assert len(judged(lab, load).anomalies["reserved_for_cancelled"]) == 1
    eventually(lambda: headline(lab, order_id) == "CANCELLED: the stock is reserved for nobody")
    lab.heal_all()
    turn(lab, reconciliation=True)
    eventually(
        lambda: (lab.reservation(order_id) or {})["status"] == "RELEASED", seconds=10, every=0.3
    )
    assert judged(lab, load).ok
    eventually(lambda: headline(lab, order_id) == "CANCELLED: not confirmed in time")


@pytest.mark.parametrize(
    "wrong", [{"mode": "both"}, {"mode": True}, {"mode": "availability", "consistency": True}]
)
def test_a_mode_that_is_none_is_refused_and_changes_nothing(
    lab: LabProcesses, wrong: dict[str, Any]
) -> None:
    answer = lab.session.patch(f"{lab.observer_url}/api/defences", json=wrong, timeout=10)
    assert answer.status_code == 400
    assert lab.get("/api/defences")["mode"] == "availability"
