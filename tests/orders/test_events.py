"""The worker's events decide an order once, and only the lab's own processes may send them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from orders.models import Order

if TYPE_CHECKING:
    from django.conf import LazySettings
    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("labsite.http.urls_api")]
RESERVED, REJECTED = "OrderStockReserved", "OrderStockRejected"


@pytest.fixture
def order() -> Order:
    return Order.objects.create(
        sku="apple", quantity=1, request_id="req-1", created_at=timezone.now()
    )


def _tell(client: Client, settings: LazySettings, order_id: object, kind: str = RESERVED) -> Any:
    return client.post(
        "/internal/order-events",
        {"type": kind, "orderId": str(order_id), "requestId": "req-1"},
        content_type="application/json",
        headers={"X-Lab-Secret": settings.LAB_SECRET},
    )


@pytest.mark.parametrize(("kind", "status"), [(RESERVED, "CONFIRMED"), (REJECTED, "REJECTED")])
def test_an_event_decides_the_order(
    client: Client, settings: LazySettings, order: Order, kind: str, status: str
) -> None:
    answer = _tell(client, settings, order.id, kind)
    assert (answer.status_code, answer.content) == (200, b'{"ok":true}')
    order.refresh_from_db()
    assert order.status == status
    assert order.decided_at is not None


def test_the_same_event_again_changes_nothing(
    client: Client, settings: LazySettings, order: Order
) -> None:
    _tell(client, settings, order.id)
    order.refresh_from_db()
    first = order.decided_at
    assert _tell(client, settings, order.id).status_code == 200
    order.refresh_from_db()
    assert (order.status, order.decided_at) == ("CONFIRMED", first)


def test_a_contradicting_event_is_logged_and_changes_nothing(
    client: Client, settings: LazySettings, order: Order, caplog: pytest.LogCaptureFixture
) -> None:
    _tell(client, settings, order.id)
    _tell(client, settings, order.id, REJECTED)
    order.refresh_from_db()
    assert order.status == "CONFIRMED"
    assert caplog.records[-1].levelname == "ERROR"


def test_an_unknown_order_is_404_and_logged(
    client: Client, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    answer = _tell(client, settings, "00000000-0000-4000-8000-000000000000")
    assert (answer.status_code, answer.content) == (404, b'{"ok":false}')
    assert "unknown order id" in caplog.messages


@pytest.mark.parametrize("headers", [{}, {"X-Lab-Secret": "guessed"}, {"X-Lab-Secret": "é"}])
@pytest.mark.parametrize("path", ["/internal/order-events", "/internal/faults"])
def test_strangers_are_turned_away(
    client: Client, order: Order, headers: dict[str, str], path: str
) -> None:
    answer = client.post(
        path,
        {"type": RESERVED, "orderId": str(order.id)},
        content_type="application/json",
        headers=headers,
    )
    assert answer.status_code == 403
    order.refresh_from_db()
    assert order.status == "PENDING"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("{}", "type"),
        ('{"type": ["OrderStockReserved"]}', "type"),
        ('{"type": "OrderStockReserved", "orderId": 3}', "orderId"),
        ('{"type": "OrderStockReserved", "requestId": 3}', "requestId"),
    ],
)
def test_a_malformed_event_is_400(
    client: Client, settings: LazySettings, body: str, field: str
) -> None:
    answer = client.post(
        "/internal/order-events",
        body,
        content_type="application/json",
        headers={"X-Lab-Secret": settings.LAB_SECRET},
    )
    assert (answer.status_code, answer.json()["field"]) == (400, field)


@pytest.mark.parametrize(
    ("is_open", "address", "status"),
    [(True, "127.0.0.1", 200), (True, "10.0.0.7", 403), (False, "127.0.0.1", 403)],
)
def test_without_the_secret_it_is_taken_only_when_open_and_from_this_machine(
    client: Client, settings: LazySettings, order: Order, is_open: bool, address: str, status: int
) -> None:
    settings.LAB_OPEN_CALLBACK = is_open
    answer = client.post(
        "/internal/order-events",
        {"type": RESERVED, "orderId": str(order.id), "requestId": "req-1"},
        content_type="application/json",
        REMOTE_ADDR=address,
    )
    assert answer.status_code == status
