"""The api's own faults: turned on and off by its endpoint, felt by its callers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from orders.models import Order

if TYPE_CHECKING:
    from django.conf import LazySettings
    from django.test import Client

    from tests.support.stand_in import StandIn

pytestmark = [pytest.mark.django_db, pytest.mark.urls("labsite.http.urls_api")]


@pytest.fixture
def signed(client: Client, settings: LazySettings) -> dict[str, Any]:
    return {"content_type": "application/json", "headers": {"X-Lab-Secret": settings.LAB_SECRET}}


def test_a_cut_keeps_the_job_here(
    client: Client, stand_in: StandIn, signed: dict[str, Any]
) -> None:
    set_ = client.post(
        "/internal/faults", {"id": "f", "target": "api-to-worker", "kind": "cut"}, **signed
    )
    assert set_.status_code == 201
    assert client.post("/orders", "", content_type="application/json").json()["status"] == "PENDING"
    assert stand_in.bodies == []
    assert client.delete("/internal/faults/f", **signed).status_code == 204
    client.post("/orders", "", content_type="application/json")
    assert len(stand_in.bodies) == 1


def test_a_cut_is_said_in_the_log(
    client: Client, signed: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    client.post("/internal/faults", {"id": "f", "target": "api-to-worker", "kind": "cut"}, **signed)
    client.post("/orders", "", content_type="application/json")
    assert vars(caplog.records[-1])["errorKind"] == "simulated_partition"


def test_http_5xx_answers_without_doing(client: Client, signed: dict[str, Any]) -> None:
    fault = {"id": "f", "target": "api", "kind": "http_5xx", "status": 502}
    client.post("/internal/faults", fault, **signed)
    assert client.post("/orders", "", content_type="application/json").status_code == 502
    assert not Order.objects.exists()


def test_faults_are_listed_with_their_time_left(client: Client, signed: dict[str, Any]) -> None:
    fault = {"id": "f", "target": "api", "kind": "slow", "ms": 5, "ttlSeconds": 60}
    client.post("/internal/faults", fault, **signed)
    (listed,) = client.get("/internal/faults", **signed).json()["faults"]
    assert 0 < listed.pop("remainingSeconds") <= 60
    assert listed == {"id": "f", "target": "api", "kind": "slow", "ms": 5}
    client.delete("/internal/faults", **signed)
    assert client.get("/internal/faults", **signed).json() == {"faults": []}


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": ""},
        {"target": "worker"},
        {"kind": "cut"},
        {"ms": -1},
        {"ms": "5"},
        {"ttlSeconds": 0},
        {"ttlSeconds": True},
    ],
    ids=str,
)
def test_a_fault_that_is_none_is_refused(
    client: Client, signed: dict[str, Any], wrong: dict[str, Any]
) -> None:
    fault = {"id": "f", "target": "api", "kind": "slow", "ms": 5} | wrong
    assert client.post("/internal/faults", fault, **signed).status_code == 400
    assert client.get("/internal/faults", **signed).json() == {"faults": []}
