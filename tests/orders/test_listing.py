"""Orders are listed newest first, each exactly once over all pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from orders.models import Order

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("labsite.http.urls_api")]
_START = datetime(2026, 1, 1, tzinfo=UTC)


def _place(count: int) -> list[str]:
    # Two share each moment, so that the id has to break the tie.
    orders = [
        Order(
            sku="apple",
            quantity=1,
            request_id=f"req-{n}",
            created_at=_START + timedelta(seconds=n // 2),
            status=Order.Status.CONFIRMED if n % 3 == 0 else Order.Status.PENDING,
        )
        for n in range(count)
    ]
    Order.objects.bulk_create(orders)
    orders.sort(key=lambda order: (order.created_at, order.id), reverse=True)
    return [str(order.id) for order in orders]


def test_pages_hold_every_order_once(client: Client) -> None:
    expected = _place(7)
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = client.get("/orders", {"limit": "3", "cursor": cursor}).json()
        found += [order["orderId"] for order in page["orders"]]
        cursor = page["next"]
    assert found == expected


def test_a_status_narrows_the_list(client: Client) -> None:
    _place(7)
    page = client.get("/orders", {"status": "CONFIRMED"}).json()
    assert [order["status"] for order in page["orders"]] == ["CONFIRMED"] * 3
