"""Faults of processes beside faults of links: what the caller sees, and what the other side did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from tests.support.waiting import eventually

if TYPE_CHECKING:
    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.flow, pytest.mark.timeout(120)]

FAILED = {"api-to-worker": "failed to deliver job to worker", "worker-to-api": "callback failed"}


def failure(lab: LabProcesses, request_id: str, link: str) -> str:
    """How the call over a link failed: the same on the log line and on its span."""

    def lines() -> list[dict[str, Any]]:
        return [log for log in lab.logs_of(request_id) if log["msg"] == FAILED[link]]

    line = eventually(lines, seconds=15)[0]
    name = {"api-to-worker": "job.deliver", "worker-to-api": "callback.send"}[link]

    def spans() -> list[dict[str, Any]]:
        trace = lab.get(f"/api/traces/{line['traceId']}")
        return [span for span in trace["spans"] if span["name"] == name and span["errorKind"]]

    kind: str = line["errorKind"]
    assert eventually(spans, seconds=10)[0]["errorKind"] == kind
    return kind


@pytest.mark.parametrize(
    ("fault", "kind", "reserved"),
    [
        ({"target": "worker", "kind": "crash"}, {"connect_refused", "reset"}, 0),
        ({"target": "worker", "kind": "pause"}, {"read_timeout"}, 0),
        ({"target": "worker", "kind": "slow", "ms": 1_200}, {"read_timeout"}, 1),
        ({"target": "worker", "kind": "http_5xx"}, {"http_5xx"}, 0),
        ({"target": "api-to-worker", "kind": "cut"}, {"connect_refused"}, 0),
        ({"target": "api-to-worker", "kind": "request_lost"}, {"read_timeout"}, 0),
        ({"target": "api-to-worker", "kind": "response_lost"}, {"read_timeout"}, 1),
        ({"target": "api-to-worker", "kind": "http_status"}, {"http_5xx"}, 0),
        ({"target": "api-to-worker", "kind": "reset", "stream": "request"}, {"reset"}, 0),
        ({"target": "api-to-worker", "kind": "reset", "stream": "response"}, {"reset"}, 1),
        ({"target": "api-to-worker", "kind": "limit_data", "bytes": 40}, {"reset"}, 1),
        (
            {"target": "api-to-worker", "kind": "slicer", "bytes": 2, "delayMs": 60},
            {"read_timeout"},
            1,
        ),
        ({"target": "api-to-worker", "kind": "timeout", "ms": 100}, {"reset"}, 1),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else "",
)
def test_what_the_api_sees_and_what_the_worker_did(
    lab: LabProcesses, fault: dict[str, Any], kind: set[str], reserved: int
) -> None:
    # A connection from before the fault, as there is in any service that has been up for a while.
    lab.place_order()
    lab.set_fault(**fault)
    answer = lab.place_order()
    placed = answer.json()
    assert answer.status_code == requests.codes.created
    assert failure(lab, placed["requestId"], "api-to-worker") in kind
    lab.heal_all()

    def done() -> bool:
        found = lab.reservation(placed["orderId"])
        return (found["count"] if found else 0) == reserved

    if fault["kind"] == "pause":
        # Its sockets took the job while it stood still: it goes on where it was.
        eventually(lambda: lab.reservation(placed["orderId"]) is not None, seconds=10)
    else:
        eventually(done, seconds=10)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"target": "worker-to-api", "kind": "cut"}, "connect_refused"),
        ({"target": "worker-to-api", "kind": "response_lost"}, "read_timeout"),
        ({"target": "worker-to-api", "kind": "http_status"}, "http_5xx"),
    ],
    ids=lambda value: "-".join(value.values()) if isinstance(value, dict) else "",
)
def test_what_the_worker_sees_of_its_callback(
    lab: LabProcesses, fault: dict[str, Any], kind: str
) -> None:
    lab.set_fault(**fault)
    placed = lab.place_order().json()
    assert failure(lab, placed["requestId"], "worker-to-api") == kind
    assert lab.reservation(placed["orderId"]) is not None


def test_an_api_that_refuses_everything_reserves_nothing(lab: LabProcesses) -> None:
    lab.set_fault("api", "http_5xx", status=502)
    assert lab.place_order().status_code == 502
    lab.heal_all()
    assert lab.place_order().json()["status"] == "CONFIRMED"


def test_an_api_that_is_slow_answers_late(lab: LabProcesses) -> None:
    lab.set_fault("api", "slow", ms=400)
    answer = lab.place_order()
    assert answer.status_code == requests.codes.created
    assert answer.elapsed.total_seconds() >= 0.4


def test_an_api_that_was_killed_has_kept_what_it_acknowledged(lab: LabProcesses) -> None:
    placed = lab.place_order().json()
    lab.set_fault("api", "crash")
    with pytest.raises(requests.ConnectionError):
        lab.place_order()
    lab.heal_all()
    assert lab.order(placed["orderId"])["status"] == "CONFIRMED"


def test_an_api_that_is_paused_is_silent_and_goes_on(lab: LabProcesses) -> None:
    lab.set_fault("api", "pause")
    with pytest.raises(requests.ReadTimeout):
        requests.post(f"{lab.client_url}/orders", json={}, timeout=1)
    lab.heal_all()
    eventually(lambda: lab.place_order().json()["status"] == "CONFIRMED", seconds=10)
