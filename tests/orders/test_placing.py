"""Placing an order: durable first, acknowledged whatever becomes of the delivery."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.db import OperationalError

from orders import delivery, events, job_outbox, statements
from orders.defences.names import DEFENCES, OUTBOX
from orders.models import Order
from orders.wire import OrderEvent
from tests.support.ports import free_ports

if TYPE_CHECKING:
    from django.conf import LazySettings
    from django.test import Client

    from orders.wire import EventType
    from tests.support.stand_in import StandIn

pytestmark = [pytest.mark.django_db, pytest.mark.urls("labsite.http.urls_api")]


def test_an_order_is_kept_and_its_job_sent_once(client: Client, stand_in: StandIn) -> None:
    answer = client.post(
        "/orders",
        {"sku": "banana", "quantity": 3},
        content_type="application/json",
        headers={"X-Request-Id": "req-1"},
    )
    order = Order.objects.get()
    assert (answer.status_code, answer.json()) == (
        201,
        {"orderId": str(order.id), "status": "PENDING", "requestId": "req-1"},
    )
    assert answer.headers["Location"] == f"/orders/{order.id}"
    assert answer.headers["X-Request-Id"] == "req-1"
    assert stand_in.bodies == [
        {"orderId": str(order.id), "requestId": "req-1", "sku": "banana", "quantity": 3}
    ]
    assert "x-request-id: req-1" in stand_in.heads[0]


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize("outbox", [False, True])
def test_a_durable_order_is_acknowledged_though_the_database_fails_after_its_commit(
    client: Client, monkeypatch: pytest.MonkeyPatch, outbox: bool
) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(statements, "status_of", fail)
    monkeypatch.setattr(job_outbox, "settled", fail)
    DEFENCES.switch({OUTBOX: outbox})
    answer = client.post("/orders", "", content_type="application/json")
    assert (answer.status_code, answer.json()["status"]) == (201, "PENDING")
    assert str(Order.objects.get().id) == answer.json()["orderId"]


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize(
    ("kind", "status"), [("OrderStockReserved", "CONFIRMED"), ("OrderStockRejected", "REJECTED")]
)
def test_how_its_callback_decided_it_meanwhile_is_in_its_answer(
    client: Client, monkeypatch: pytest.MonkeyPatch, kind: EventType, status: str
) -> None:
    hand_over = delivery.hand_over

    def called_back(order: Order, **how: Any) -> delivery.HandOver:
        for order_id in (uuid.uuid4(), order.id):
            events.take_in(OrderEvent(kind, order_id, order.request_id))
        return hand_over(order, **how)

    monkeypatch.setattr(delivery, "hand_over", called_back)
    # It need not be read again.
    monkeypatch.setattr(statements, "status_of", lambda _: "none")
    assert client.post("/orders", "", content_type="application/json").json()["status"] == status
    assert Order.objects.get().status == status


@pytest.mark.usefixtures("stand_in")
def test_how_another_process_decided_it_is_read(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "status_of", lambda _: "CONFIRMED")
    answer = client.post("/orders", "", content_type="application/json")
    assert answer.json()["status"] == "CONFIRMED"


@pytest.mark.usefixtures("stand_in")
def test_an_order_that_is_not_committed_is_refused_with_the_reason(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("disk full")

    monkeypatch.setattr(statements.ORDERS, "insert", fail)
    answer = client.post("/orders", "", content_type="application/json")
    assert (answer.status_code, answer.json()) == (
        503,
        {"error": "the database can't be used now: disk full"},
    )
    assert answer.headers["Retry-After"] == "2"
    assert not Order.objects.exists()


def test_an_empty_body_orders_one_apple(client: Client, stand_in: StandIn) -> None:
    assert client.post("/orders", "", content_type="application/json").status_code == 201
    assert (stand_in.bodies[0]["sku"], stand_in.bodies[0]["quantity"]) == ("apple", 1)


def test_a_malformed_request_id_is_replaced(client: Client, stand_in: StandIn) -> None:
    answer = client.post(
        "/orders",
        "",
        content_type="application/json",
        headers={"X-Request-Id": "no spaces, please"},
    )
    assert answer.json()["requestId"].startswith("req-")


@pytest.mark.usefixtures("stand_in")
def test_an_order_can_be_read_back(client: Client) -> None:
    placed = client.post("/orders", "", content_type="application/json").json()
    read = client.get(f"/orders/{placed['orderId']}").json()
    assert read.pop("createdAt").endswith("Z")
    assert read == {**placed, "sku": "apple", "quantity": 1}


@pytest.mark.parametrize("order_id", ["00000000-0000-4000-8000-000000000000", "none"])
def test_an_unknown_order_is_not_found(client: Client, order_id: str) -> None:
    answer = client.get(f"/orders/{order_id}")
    assert (answer.status_code, answer.json()) == (404, {"error": "not found"})


def test_a_dead_worker_leaves_it_pending(
    client: Client, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.WORKER_URL = f"http://127.0.0.1:{free_ports(1)[0]}"
    with caplog.at_level("INFO", logger="orders"):
        answer = client.post("/orders", "", content_type="application/json")
    assert (answer.status_code, answer.json()["status"]) == (201, "PENDING")
    failed = caplog.records[-1]
    assert (failed.levelname, failed.getMessage()) == ("ERROR", "failed to deliver job to worker")
    assert vars(failed)["errorKind"] == "connect_refused"
    assert vars(failed)["boundary"] == "api->worker"
