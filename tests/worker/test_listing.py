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
    pytest.mark.urls("labsite.http.urls_worker"),
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


@pytest.mark.usefixtures("stand_in")
def test_reservations_are_found_by_their_orders(
    client: Client, send_job: Callable[..., HttpResponse]
) -> None:
    ids = [str(uuid.UUID(int=n, version=4)) for n in range(3)]
    for order_id in [ids[0], ids[1], ids[1]]:
        send_job(orderId=order_id)
    found = client.get("/reservations", {"orderIds": ",".join(ids)}).json()["reservations"]
    assert {each["orderId"]: each["count"] for each in found} == {ids[0]: 1, ids[1]: 2}


@pytest.mark.parametrize("wrong", ["nope", ",", "x" * 40])
def test_reservations_of_what_is_no_order_are_refused(client: Client, wrong: str) -> None:
    answer = client.get("/reservations", {"orderIds": wrong})
    assert (answer.status_code, answer.json()["field"]) == (400, "orderIds")
