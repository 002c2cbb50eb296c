"""What was set aside for a cancelled order is put back, and later jobs of it take nothing."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections

from worker.callback_outbox import RELAY
from worker.defences import CALLBACK_OUTBOX, DEFENCES, IDEMPOTENT_JOBS
from worker.models import CallbackEntry, Reservation, Sku
from worker.stock import release, reserve
from worker.wire import Job

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.conf import LazySettings
    from django.http import HttpResponse
    from django.test import Client

    from tests.support.stand_in import StandIn

    SendJob = Callable[..., HttpResponse]

pytestmark = [
    pytest.mark.django_db(databases=["default", "worker"]),
    pytest.mark.urls("labsite.http.urls_worker"),
]


@pytest.fixture
def cancel(client: Client, settings_secret: str, order_id: str) -> Callable[[], Any]:
    return lambda: client.delete(
        f"/reservations/{order_id}", headers={"X-Lab-Secret": settings_secret}
    )


@pytest.mark.usefixtures("stand_in")
def test_stock_is_put_back_once(
    client: Client, send_job: SendJob, cancel: Callable[[], Any], order_id: str
) -> None:
    before = Sku.objects.get(sku="apple").available
    send_job(quantity=2)
    send_job(quantity=2)
    assert cancel().json() == {"ok": True, "released": 2}
    assert cancel().json() == {"ok": True, "released": 0}
    assert Sku.objects.get(sku="apple").available == before
    found = client.get(f"/reservations/{order_id}").json()
    assert (found["status"], found["count"]) == ("RELEASED", 2)
    apple = next(each for each in client.get("/stock").json()["stock"] if each["sku"] == "apple")
    assert apple["available"] + apple["reserved"] == apple["initial"]


@pytest.mark.parametrize("idempotent", [False, True])
def test_a_job_that_comes_after_it_reserves_nothing(
    client: Client,
    send_job: SendJob,
    stand_in: StandIn,
    cancel: Callable[[], Any],
    order_id: str,
    idempotent: bool,
) -> None:
    DEFENCES.switch({IDEMPOTENT_JOBS: idempotent})
    before = Sku.objects.get(sku="apple").available
    assert cancel().json() == {"ok": True, "released": 0}
    answer = send_job()
    assert answer.content == b'{"ok":true,"note":"order cancelled"}'
    assert stand_in.bodies == []
    assert Sku.objects.get(sku="apple").available == before
    found = client.get(f"/reservations/{order_id}").json()
    assert (found["status"], found["count"]) == ("RELEASED", 0)


def test_a_callback_of_a_released_reservation_is_told_no_more(
    send_job: SendJob, cancel: Callable[[], Any], settings: LazySettings
) -> None:
    DEFENCES.switch({CALLBACK_OUTBOX: True})
    settings.API_CALLBACK_URL = "http://127.0.0.1:1"
    send_job()
    cancel()
    CallbackEntry.objects.update(due_at="2020-01-01T00:00Z", leased_until="2020-01-01T00:00Z")
    assert RELAY.once() == 1
    assert not CallbackEntry.objects.exists()


def test_only_the_api_may_release(client: Client, order_id: str) -> None:
    assert client.delete(f"/reservations/{order_id}").status_code == 403
    assert not Reservation.objects.exists()


def test_what_is_no_order_is_refused(client: Client, settings_secret: str) -> None:
    answer = client.delete("/reservations/moon", headers={"X-Lab-Secret": settings_secret})
    assert answer.status_code == 400


@pytest.mark.django_db(databases=["default", "worker"], transaction=True)
@pytest.mark.parametrize("once", [False, True])
def test_jobs_and_a_release_at_once_leave_nothing_set_aside(once: bool) -> None:
    Sku.objects.create(sku="test-figs", initial=100, available=100)
    job = Job(uuid.uuid4(), "req-1", "test-figs", 1)

    def act(number: int) -> None:
        try:
            if number == 4:
                release(job.order_id, request_id="req-1")
            else:
                reserve(job, once=once)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(12)))
    assert Sku.objects.get(sku="test-figs").available == 100
    assert not Reservation.objects.filter(order_id=job.order_id, status="RESERVED").exists()
