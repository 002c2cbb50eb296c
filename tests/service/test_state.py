"""The observer reads a service's state out of band: no fault acts on it, and others may not."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from orders.models import Order
from worker.models import Reservation

if TYPE_CHECKING:
    from django.conf import LazySettings

API = pytest.mark.urls("labsite.http.urls_api")
WORKER = pytest.mark.urls("labsite.http.urls_worker")
pytestmark = pytest.mark.django_db(databases=["default", "worker"])


@pytest.fixture
def client() -> Client:
    return Client(headers={"host": "localhost"})


@pytest.fixture
def of_the_lab(settings: LazySettings) -> dict[str, Any]:
    return {"headers": {"X-Lab-Secret": settings.LAB_SECRET}}


def an_order() -> str:
    order = Order(sku="apple", quantity=1, request_id="r", created_at=timezone.now())
    order.save()
    return str(order.id)


@API
def test_orders_are_listed_all_or_by_their_ids(client: Client, of_the_lab: dict[str, Any]) -> None:
    first, second, third = (an_order() for _ in range(3))
    listed = client.get("/internal/state/orders", {"limit": 2}, **of_the_lab).json()
    assert [order["orderId"] for order in listed["orders"]] == [third, second]
    chosen = {"orderIds": f"{first},{third},{uuid.uuid4()}"}
    listed = client.get("/internal/state/orders", chosen, **of_the_lab).json()
    assert {order["orderId"] for order in listed["orders"]} == {first, third}


@WORKER
def test_reservations_are_listed_by_their_orders(
    client: Client, of_the_lab: dict[str, Any]
) -> None:
    order_id = uuid.uuid4()
    Reservation.objects.create(
        order_id=order_id,
        sku="apple",
        quantity=1,
        status=Reservation.Status.RESERVED,
        request_id="r",
        created_at=timezone.now(),
    )
    chosen = {"orderIds": str(order_id)}
    [row] = client.get("/internal/state/reservations", chosen, **of_the_lab).json()["reservations"]
    assert (row["orderId"], row["status"], row["count"]) == (str(order_id), "RESERVED", 1)


@API
def test_a_fault_in_code_does_not_act_on_it(client: Client, of_the_lab: dict[str, Any]) -> None:
    fault = {"id": "f", "target": "api", "kind": "http_5xx", "status": 502}
    client.post("/internal/faults", fault, content_type="application/json", **of_the_lab)
    try:
        assert client.get("/orders").status_code == 502
        assert client.get("/internal/state/orders", **of_the_lab).status_code == 200
    finally:
        client.delete("/internal/faults", **of_the_lab)


@API
@pytest.mark.parametrize("query", ["orderIds=x", "limit=0", "cursor=nope"])
def test_a_wrong_query_is_refused_without_a_log_line(
    client: Client, of_the_lab: dict[str, Any], caplog: pytest.LogCaptureFixture, query: str
) -> None:
    refused = client.get(f"/internal/state/orders?{query}", **of_the_lab)
    assert (refused.status_code, refused.json()["field"]) == (400, query.partition("=")[0])
    assert not [each for each in caplog.records if each.name == "service"]


@API
def test_what_is_no_state_is_not_found_and_others_are_kept_out(
    client: Client, of_the_lab: dict[str, Any]
) -> None:
    assert client.get("/internal/state/secrets", **of_the_lab).status_code == 404
    assert client.get("/internal/state/orders").status_code == 403
