"""A foreign page or a rebound name can neither read nor change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

if TYPE_CHECKING:
    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.flow, pytest.mark.timeout(90)]

FOREIGN = {"Origin": "http://evil.example"}


def test_a_foreign_page_sets_no_fault(lab: LabProcesses) -> None:
    answer = requests.post(
        f"{lab.observer_url}/api/faults",
        json={"target": "api-to-worker", "kind": "cut"},
        headers=FOREIGN,
        timeout=10,
    )
    assert answer.status_code == 403
    assert lab.get("/api/faults")["faults"] == []


@pytest.mark.parametrize("base", ["observer_url", "api_url", "worker_url"])
def test_a_rebound_name_is_refused(lab: LabProcesses, base: str) -> None:
    answer = requests.get(
        f"{getattr(lab, base)}/healthz", headers={"Host": "evil.example"}, timeout=10
    )
    assert answer.status_code == 400


def test_a_foreign_page_sends_no_telemetry(lab: LabProcesses) -> None:
    answer = requests.post(
        f"{lab.observer_url}/v1/traces",
        data=b"{}",
        headers={**FOREIGN, "Content-Type": "application/json"},
        timeout=10,
    )
    assert answer.status_code == 403


def test_a_foreign_page_reads_no_order(lab: LabProcesses) -> None:
    answer = requests.get(f"{lab.client_url}/orders", headers=FOREIGN, timeout=10)
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_only_the_worker_tells_of_events(lab: LabProcesses) -> None:
    placed = lab.place_order().json()
    answer = requests.post(
        f"{lab.api_url}/internal/order-events",
        json={"type": "OrderStockRejected", **placed},
        timeout=10,
    )
    assert answer.status_code == 403
    assert lab.order(placed["orderId"])["status"] == "CONFIRMED"


def test_an_oversized_body_is_refused(lab: LabProcesses) -> None:
    answer = requests.post(f"{lab.api_url}/orders", data=b"x" * 20_000, timeout=10)
    assert (answer.status_code, "error" in answer.json()) == (413, True)
