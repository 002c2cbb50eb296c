"""Reservations page by page, and stock that adds up with them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django.test import Client

pytestmark = [
    pytest.mark.django_db(databases=["default", "worker"]),
    pytest.mark.urls("labsite.urls_worker"),
]


@pytest.mark.usefixtures("stand_in")
def test_pages_hold_every_reservation_once(
    client: Client, send_job: Callable[..., HttpResponse]
) -> None:
    ids = [str(uuid.UUID(int=n, version=4)) for n in range(5)]
    for order_id in ids:
        send_job(orderId=order_id)
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = client.get("/reservations", {"limit": "2", "cursor": cursor}).json()
        found += [each["orderId"] for each in page["reservations"]]
        cursor = page["next"]
    assert found == ids


@pytest.mark.usefixtures("stand_in")
def test_stock_adds_up_with_what_was_reserved(
    client: Client, send_job: Callable[..., HttpResponse]
) -> None:
    send_job(sku="cherry", quantity=4)
    send_job(sku="cherry", quantity=7)
    stock = {each["sku"]: each for each in client.get("/stock").json()["stock"]}
    assert stock["cherry"] == {"sku": "cherry", "initial": 10, "available": 6, "reserved": 4}
    assert stock["sold-out"]["initial"] == 0
    assert set(stock) == {"apple", "banana", "cherry", "sold-out"}
