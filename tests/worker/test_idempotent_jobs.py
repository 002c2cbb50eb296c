"""A job that comes twice hurts a naive worker, and not one that knows its jobs."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from django.db import connections

from worker.defences import DEFENCES, IDEMPOTENT_JOBS
from worker.models import Reservation, Sku
from worker.stock import reserve
from worker.wire import Job

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django.test import Client

    from tests.support.stand_in import StandIn

pytestmark = [
    pytest.mark.django_db(databases=["default", "worker"]),
    pytest.mark.urls("labsite.http.urls_worker"),
]


@pytest.mark.parametrize(("on", "taken"), [(False, 4), (True, 2)])
def test_the_same_job_twice(
    client: Client,
    send_job: Callable[..., HttpResponse],
    stand_in: StandIn,
    order_id: str,
    on: bool,
    taken: int,
) -> None:
    DEFENCES.switch({IDEMPOTENT_JOBS: on})
    before = Sku.objects.get(sku="apple").available
    answers = [send_job(quantity=2) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert before - Sku.objects.get(sku="apple").available == taken
    assert client.get(f"/reservations/{order_id}").json()["count"] == taken // 2
    # The API hears of it each time: it may have missed the first.
    assert [event["type"] for event in stand_in.bodies] == ["OrderStockReserved"] * 2


@pytest.mark.usefixtures("stand_in")
def test_what_was_rejected_stays_rejected(send_job: Callable[..., HttpResponse]) -> None:
    DEFENCES.switch({IDEMPOTENT_JOBS: True})
    send_job(sku="sold-out")
    Sku.objects.filter(sku="sold-out").update(available=5)
    send_job(sku="sold-out")
    assert Reservation.objects.get().status == "REJECTED"
    assert Sku.objects.get(sku="sold-out").available == 5


@pytest.mark.django_db(databases=["default", "worker"], transaction=True)
@pytest.mark.parametrize(("once", "rows"), [(False, 8), (True, 1)])
def test_the_same_job_many_times_at_once(once: bool, rows: int) -> None:
    Sku.objects.create(sku="test-plums", initial=100, available=100)
    job = Job(uuid.UUID(int=9, version=4), "req-9", "test-plums", 1)

    def deliver(_number: int) -> None:
        try:
            reserve(job, once=once)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(deliver, range(8)))
    assert Reservation.objects.filter(order_id=job.order_id).count() == rows
    assert Sku.objects.get(sku="test-plums").available == 100 - rows


def test_a_defence_is_switched_at_the_door(client: Client, settings_secret: str) -> None:
    headers = {"X-Lab-Secret": settings_secret}
    path = "/internal/defences"
    assert client.get(path, headers=headers).json() == {
        "idempotent_jobs": False,
        "callback_outbox": False,
        "deadline": False,
    }
    switched = client.patch(
        path, {"idempotent_jobs": True}, content_type="application/json", headers=headers
    )
    assert switched.json() == {
        "idempotent_jobs": True,
        "callback_outbox": False,
        "deadline": False,
    }
    assert DEFENCES[IDEMPOTENT_JOBS]
    assert client.get(path).status_code == 403
