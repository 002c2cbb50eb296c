"""The API back at its first minute: no order, no job; an order on its way is answered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from orders import delivery
from orders.defences.breaker import Breaker
from orders.defences.names import CONSISTENCY, DEFENCES, OUTBOX
from orders.models import IdempotencyKey, Order, OutboxEntry
from orders.start_over import start_over

if TYPE_CHECKING:
    from django.conf import LazySettings
    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("labsite.http.urls_api")]


def place(client: Client, **headers: str) -> Any:
    return client.post("/orders", "", content_type="application/json", headers=headers)


def test_orders_keys_and_jobs_that_wait_are_removed(
    client: Client, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WORKER_URL = "http://127.0.0.1:9"
    breaker = Breaker()
    breaker.report(breaker.request(), ok=False)
    assert breaker.state.failures == 1
    monkeypatch.setattr(delivery, "BREAKER", breaker)
    monkeypatch.setattr("orders.start_over.BREAKER", breaker)
    DEFENCES.switch({OUTBOX: True})
    first = place(client)
    place(client, **{"Idempotency-Key": '"k-1234567890123456"'})
    assert (OutboxEntry.objects.count(), IdempotencyKey.objects.count()) == (2, 1)
    secret = {"X-Lab-Secret": settings.LAB_SECRET}
    removed = client.post("/internal/start-over", headers=secret)
    assert (removed.status_code, removed.json()["orders"]) == (200, 2)
    assert len(removed.json()["orderIds"]) == 2
    assert first.json()["orderId"] in removed.json()["orderIds"]
    for model in (Order, OutboxEntry, IdempotencyKey):
        assert not model._default_manager.exists()
    assert breaker.state.failures == 0
    assert DEFENCES[OUTBOX]


def test_others_may_not(client: Client) -> None:
    place(client)
    assert client.post("/internal/start-over").status_code == 403
    assert Order.objects.count() == 1


@pytest.mark.parametrize(("consistent", "status"), [(False, 201), (True, 503)])
def test_an_order_that_is_on_its_way_is_answered_all_the_same(
    client: Client, monkeypatch: pytest.MonkeyPatch, consistent: bool, status: int
) -> None:
    DEFENCES.switch({CONSISTENCY: consistent})
    hand_over = delivery.hand_over

    def and_start_over(order: Order, **options: Any) -> Any:
        handed = hand_over(order, **options)
        start_over()
        return handed

    monkeypatch.setattr(delivery, "hand_over", and_start_over)
    answered = place(client)
    assert answered.status_code == status
    assert json.loads(answered.content)["orderId"]
    assert not Order.objects.exists()
