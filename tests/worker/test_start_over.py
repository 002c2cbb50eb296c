"""The worker back at its first minute: its stock whole, no reservation, no job from before."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from worker import jobs, stock
from worker.defences import CALLBACK_OUTBOX, DEFENCES, IDEMPOTENT_JOBS
from worker.models import CallbackEntry, Reservation, Sku
from worker.stock import release, start_over

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django.test import Client

    from tests.support.stand_in import StandIn

pytestmark = [
    pytest.mark.django_db(databases=["worker"]),
    pytest.mark.urls("labsite.http.urls_worker"),
]


@pytest.fixture(autouse=True)
def _nothing_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stock._BEGINNINGS, "gone", {})


def taken() -> int:
    return sum(sku.initial - sku.available for sku in Sku.objects.all())


def test_stock_is_put_back_and_reservations_and_events_that_wait_are_removed(
    client: Client, send_job: Callable[..., HttpResponse], settings_secret: str, settings: Any
) -> None:
    settings.API_CALLBACK_URL = "http://127.0.0.1:9"
    DEFENCES.switch({CALLBACK_OUTBOX: True})
    send_job(quantity=3)
    assert (taken(), CallbackEntry.objects.count()) == (3, 1)
    removed = client.post("/internal/start-over", headers={"X-Lab-Secret": settings_secret})
    assert (removed.status_code, removed.json()) == (200, {"reservations": 1})
    assert (taken(), Reservation.objects.count(), CallbackEntry.objects.count()) == (0, 0, 0)
    assert DEFENCES[CALLBACK_OUTBOX]


def test_others_may_not(
    client: Client, stand_in: StandIn, send_job: Callable[..., HttpResponse]
) -> None:
    send_job()
    assert client.post("/internal/start-over").status_code == 403
    assert (taken(), len(stand_in.bodies)) == (1, 1)


@pytest.mark.parametrize("once", [False, True])
def test_a_job_that_came_before_reserves_nothing_after(
    stand_in: StandIn,
    send_job: Callable[..., HttpResponse],
    monkeypatch: pytest.MonkeyPatch,
    once: bool,
) -> None:
    DEFENCES.switch({IDEMPOTENT_JOBS: once})
    # It is slow, and the lab is started over meanwhile.
    monkeypatch.setattr(jobs, "be_slow", lambda *_arguments, **_options: start_over())
    late: Any = send_job()
    assert late.status_code == 409
    assert "started over" in late.json()["error"]
    assert (taken(), Reservation.objects.count(), stand_in.bodies) == (0, 0, [])
    monkeypatch.undo()
    assert send_job().status_code == 200
    assert taken() == 1


@pytest.mark.parametrize("once", [False, True])
def test_a_job_on_its_way_for_an_order_that_is_gone_reserves_nothing(
    client: Client,
    stand_in: StandIn,
    send_job: Callable[..., HttpResponse],
    settings_secret: str,
    order_id: str,
    once: bool,
) -> None:
    DEFENCES.switch({IDEMPOTENT_JOBS: once})
    send_job(quantity=3)
    gone = client.post(
        "/internal/forget",
        {"orderIds": [order_id]},
        content_type="application/json",
        headers={"X-Lab-Secret": settings_secret},
    )
    assert (gone.status_code, gone.json()) == (200, {"removed": 1})
    assert (taken(), Reservation.objects.count()) == (0, 0)
    late: Any = send_job(quantity=3)
    assert late.status_code == 409
    assert (taken(), Reservation.objects.count(), len(stand_in.bodies)) == (0, 0, 1)
    assert release(uuid.UUID(order_id), request_id="late") == 0
    assert Reservation.objects.count() == 0
    assert send_job(orderId=str(uuid.uuid4())).status_code == 200


def test_what_is_forgotten_are_orders(client: Client, settings_secret: str) -> None:
    secret = {"X-Lab-Secret": settings_secret}
    for body in ({}, {"orderIds": ["no order"]}, {"orderIds": "x"}):
        refused = client.post(
            "/internal/forget", body, content_type="application/json", headers=secret
        )
        assert refused.status_code == 400
    assert client.post("/internal/forget").status_code == 403
