"""Every PENDING order is looked at, however many newer ones there are."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from orders.defences import reconciliation
from orders.defences.reconciliation import _Pending
from orders.models import Order

if TYPE_CHECKING:
    import uuid

pytestmark = pytest.mark.django_db


def orders(count: int, *, at_once: bool) -> list[Order]:
    """Make orders, the oldest first."""
    began = timezone.now() - timedelta(hours=1)
    made = [
        Order(
            sku="a",
            quantity=1,
            request_id=f"request-{number}",
            created_at=began + timedelta(seconds=0 if at_once else number),
        )
        for number in range(count)
    ]
    Order.objects.bulk_create(made)
    return made


def test_an_order_from_before_the_clock_was_put_back_is_looked_at() -> None:
    [order] = orders(1, at_once=True)
    Order.objects.update(created_at=timezone.now() + timedelta(hours=1))
    assert [each.id for each in _Pending().next_round()] == [order.id]


@pytest.mark.parametrize("at_once", [True, False])
def test_older_orders_get_their_turn(monkeypatch: pytest.MonkeyPatch, at_once: bool) -> None:
    monkeypatch.setattr(reconciliation, "_BATCH_SIZE", 10)
    everyone = {order.id for order in orders(33, at_once=at_once)}
    pending = _Pending()
    seen: set[uuid.UUID] = set()
    for _ in range(7):
        batch = pending.next_round()
        assert len(batch) == len({order.id for order in batch}) <= 10
        seen.update(order.id for order in batch)
    assert seen == everyone
    # The next round begins with the oldest again.
    again = {order.id for _ in range(7) for order in pending.next_round()}
    assert again == everyone


def test_the_newest_are_looked_at_in_each_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconciliation, "_BATCH_SIZE", 10)
    newest = {order.id for order in orders(33, at_once=False)[-5:]}
    pending = _Pending()
    for _ in range(3):
        assert newest <= {order.id for order in pending.next_round()}
