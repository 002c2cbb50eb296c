"""A job: stock is set aside, the API hears of it, and the answer says that it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from service.simulation.switches import Switched
from systems.orders import WORKER, WORKER_TO_API
from tests.support.ports import free_ports
from worker.faults import SWITCHES
from worker.models import Reservation, Sku

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


def test_stock_is_reserved_and_the_api_told(
    client: Client, send_job: SendJob, stand_in: StandIn, order_id: str, settings: LazySettings
) -> None:
    before = Sku.objects.get(sku="apple").available
    answer = send_job(quantity=3)
    assert (answer.status_code, answer.content) == (200, b'{"ok":true}')
    assert Sku.objects.get(sku="apple").available == before - 3
    assert stand_in.bodies == [
        {"type": "OrderStockReserved", "orderId": order_id, "requestId": "req-1"}
    ]
    assert f"x-lab-secret: {settings.LAB_SECRET}" in stand_in.heads[0]
    found = client.get(f"/reservations/{order_id}").json()
    assert found.pop("createdAt").endswith("Z")
    assert found == {
        "orderId": order_id,
        "sku": "apple",
        "quantity": 3,
        "status": "RESERVED",
        "requestId": "req-1",
        "delivery": 1,
        "count": 1,
    }


def test_sold_out_is_told_as_rejected(send_job: SendJob, stand_in: StandIn) -> None:
    assert send_job(sku="sold-out").status_code == 200
    assert stand_in.bodies[0]["type"] == "OrderStockRejected"
    assert Reservation.objects.get().status == "REJECTED"


def test_more_than_there_is_takes_nothing(send_job: SendJob, stand_in: StandIn) -> None:
    send_job(sku="cherry", quantity=11)
    assert stand_in.bodies[0]["type"] == "OrderStockRejected"
    assert Sku.objects.get(sku="cherry").available == 10


@pytest.mark.usefixtures("stand_in")
def test_a_naive_worker_reserves_twice_for_a_job_that_comes_twice(
    client: Client, send_job: SendJob, order_id: str
) -> None:
    before = Sku.objects.get(sku="apple").available
    send_job()
    send_job()
    assert Sku.objects.get(sku="apple").available == before - 2
    assert client.get(f"/reservations/{order_id}").json()["count"] == 2


def test_an_api_out_of_reach_does_not_undo_the_work(
    send_job: SendJob, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.API_CALLBACK_URL = f"http://127.0.0.1:{free_ports(1)[0]}"
    answer = send_job()
    assert answer.content == b'{"ok":true}'
    assert Reservation.objects.count() == 1
    failed = caplog.records[-1]
    assert (failed.levelname, failed.getMessage()) == ("ERROR", "callback failed")
    assert vars(failed)["errorKind"] == "connect_refused"


def test_a_cut_in_the_code_skips_the_callback(
    send_job: SendJob, stand_in: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    SWITCHES.set(Switched("f", "cut", WORKER_TO_API, {}))
    answer = send_job()
    assert answer.content == b'{"ok":true,"note":"callback skipped"}'
    assert stand_in.bodies == []
    assert Reservation.objects.count() == 1
    skipped = caplog.records[-1]
    assert (skipped.levelname, skipped.getMessage()) == (
        "ERROR",
        "simulated partition: worker cannot reach api (callback skipped)",
    )


@pytest.mark.usefixtures("stand_in")
def test_slowness_comes_before_the_work(
    send_job: SendJob, caplog: pytest.LogCaptureFixture
) -> None:
    SWITCHES.set(Switched("f", "slow", WORKER, {"ms": 1}))
    with caplog.at_level("INFO", logger="worker"):
        send_job()
    messages = caplog.messages
    slow = messages.index("simulated slow worker")
    assert slow < messages.index("stock reserved")
    assert (caplog.records[slow].levelname, vars(caplog.records[slow])["slowMs"]) == ("WARNING", 1)


def test_http_5xx_answers_without_doing(send_job: SendJob) -> None:
    SWITCHES.set(Switched("f", "http_5xx", WORKER, {"status": 503}))
    assert send_job().status_code == 503
    assert not Reservation.objects.exists()


@pytest.mark.parametrize("given", ["あ", "two\nlines", " "])
def test_a_request_id_that_no_header_can_carry_is_replaced(
    send_job: SendJob, stand_in: StandIn, given: str
) -> None:
    assert send_job(requestId=given).status_code == 200
    [event] = stand_in.bodies
    assert str(event["requestId"]).startswith("req-")
    assert Reservation.objects.get().request_id == event["requestId"]
