"""A job that nobody awaits any more is not begun, when the worker heeds its caller's deadline."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from service.http.wsgi import RECEIVED
from service.simulation.switches import Switched
from systems.orders import WORKER
from worker.defences import DEADLINE, DEFENCES
from worker.faults import SWITCHES
from worker.models import Reservation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.test import Client

    from tests.support.stand_in import StandIn

pytestmark = [
    pytest.mark.django_db(databases=["default", "worker"]),
    pytest.mark.urls("labsite.http.urls_worker"),
]
HEADER = "X-Envoy-Expected-Rq-Timeout-Ms"


def send(
    client: Client, order_id: str, headers: Mapping[str, str], *, received_at: float | None = None
) -> Any:
    extra: Any = {RECEIVED: received_at}
    return client.post(
        "/jobs/reserve-stock",
        {"orderId": order_id, "requestId": "req-1"},
        content_type="application/json",
        headers=dict(headers),
        **extra,
    )


@pytest.mark.parametrize(("on", "status", "rows"), [(False, 200, 1), (True, 504, 0)])
def test_slowness_past_the_deadline(
    client: Client, order_id: str, stand_in: StandIn, on: bool, status: int, rows: int
) -> None:
    DEFENCES.switch({DEADLINE: on})
    SWITCHES.set(Switched("f", "slow", WORKER, {"ms": 60}))
    answer = send(client, order_id, {HEADER: "20"})
    assert answer.status_code == status
    assert Reservation.objects.count() == len(stand_in.bodies) == rows


def test_it_says_what_it_did_not_do(
    client: Client, order_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    DEFENCES.switch({DEADLINE: True})
    answer = send(client, order_id, {HEADER: "800"}, received_at=time.monotonic() - 2)
    assert answer.status_code == 504
    assert "nobody awaits it any more" in answer.json()["error"]
    (messages,) = [each for each in caplog.records if each.name == "worker"]
    assert messages.getMessage() == "job not begun: its deadline has passed"
    assert 1_200 <= vars(messages)["lateMs"] < 3_000


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize("headers", [{}, {HEADER: "5000"}, {HEADER: "600000"}])
def test_in_time_or_without_a_deadline_it_is_done(
    client: Client, order_id: str, headers: dict[str, str]
) -> None:
    DEFENCES.switch({DEADLINE: True})
    assert send(client, order_id, headers).status_code == 200


@pytest.mark.parametrize("wrong", ["", "-1", "1.5", "soon", "600001", "9" * 400, "\u0663"])
def test_a_deadline_that_is_none_is_refused(client: Client, order_id: str, wrong: str) -> None:
    DEFENCES.switch({DEADLINE: True})
    answer = send(client, order_id, {HEADER: wrong})
    assert (answer.status_code, answer.json()["field"]) == (400, HEADER)
    assert not Reservation.objects.exists()


@pytest.mark.usefixtures("stand_in")
def test_it_is_not_even_read_when_it_is_not_heeded(client: Client, order_id: str) -> None:
    assert send(client, order_id, {HEADER: "soon"}).status_code == 200
