"""In the mode of consistency an order is confirmed in time, or cancelled and answered with 503."""

from __future__ import annotations

import json
import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import Error, InterfaceError, OperationalError, connections
from django.utils import timezone

from orders import statements
from orders.defences import consistency, idempotency, reconciliation
from orders.defences.names import CONSISTENCY, DEFENCES, OUTBOX, RETRY
from orders.models import IdempotencyKey, Order, OutboxEntry
from tests.support import upstreams
from tests.support.ports import free_ports
from tests.support.waiting import eventually, let_pass

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from django.conf import LazySettings
    from django.test import Client

    from tests.support.stand_in import StandIn

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("labsite.http.urls_api")]


@pytest.fixture(autouse=True)
def _consistent(settings: LazySettings) -> Iterator[None]:
    settings.DELIVERY_TIMEOUT_MS = 300
    DEFENCES.switch({CONSISTENCY: True})
    yield
    DEFENCES.switch({CONSISTENCY: False})


def post(client: Client, **headers: str) -> Any:
    return client.post("/orders", "", content_type="application/json", headers=headers)


def test_what_is_confirmed_while_it_waits_is_acknowledged(
    client: Client, stand_in: StandIn, settings: LazySettings
) -> None:
    # Ended by the confirmation, however slow the machine is.
    settings.DELIVERY_TIMEOUT_MS = 10_000

    def confirm_later() -> None:
        eventually(lambda: stand_in.bodies)
        let_pass(0.1)
        order_id = str(stand_in.bodies[0]["orderId"])
        statements.decide(Order.objects.get(id=order_id).id, "CONFIRMED", at=timezone.now())
        connections.close_all()

    telling = threading.Thread(target=confirm_later)
    telling.start()
    answer = post(client)
    telling.join()
    assert (answer.status_code, answer.json()["status"]) == (201, "CONFIRMED")


@pytest.mark.usefixtures("stand_in")
def test_what_is_answered_but_never_confirmed_is_cancelled(client: Client) -> None:
    began = time.monotonic()
    answer = post(client)
    assert 0.25 < time.monotonic() - began < 2
    response = answer.json()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert (response["status"], response["stock"]) == ("CANCELLED", "unknown")
    assert "may have reserved the stock" in response["error"]
    order = Order.objects.get()
    assert (order.status, order.release_due) == ("CANCELLED", True)
    assert order.decided_at is not None
    assert client.get(f"/orders/{order.id}").json()["status"] == "CANCELLED"
    assert len(client.get("/orders?status=CANCELLED").json()["orders"]) == 1


@pytest.mark.parametrize("retry", [False, True])
def test_what_was_never_sent_is_cancelled_with_nothing_to_release(
    client: Client, settings: LazySettings, retry: bool
) -> None:
    DEFENCES.switch({RETRY: retry})
    settings.WORKER_URL = f"http://127.0.0.1:{free_ports(1)[0]}"
    began = time.monotonic()
    answer = post(client)
    assert time.monotonic() - began < 4
    assert (answer.status_code, answer.json()["stock"]) == (503, "not reserved")
    assert not Order.objects.get().release_due


def test_retries_stay_within_the_deadline(client: Client, settings: LazySettings) -> None:
    DEFENCES.switch({RETRY: True})

    def never(connection: socket.socket) -> None:
        upstreams.read_request(connection)
        let_pass(5)

    with upstreams.server(never) as url:
        settings.WORKER_URL = url
        began = time.monotonic()
        assert post(client).status_code == 503
    assert time.monotonic() - began < 4


@pytest.mark.usefixtures("stand_in")
def test_a_cancelled_job_leaves_the_outbox(client: Client) -> None:
    DEFENCES.switch({OUTBOX: True})
    assert post(client).status_code == 503
    assert not OutboxEntry.objects.exists()


@pytest.mark.usefixtures("stand_in")
def test_a_late_event_does_not_confirm_it(
    client: Client, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    order_id = post(client).json()["orderId"]
    answer = client.post(
        "/internal/order-events",
        {"type": "OrderStockReserved", "orderId": order_id, "requestId": "req-1"},
        content_type="application/json",
        headers={"X-Lab-Secret": settings.LAB_SECRET},
    )
    assert (answer.status_code, answer.content) == (200, b'{"ok":true}')
    assert Order.objects.get().status == "CANCELLED"
    messages = [each.getMessage() for each in caplog.records if each.name == "orders"]
    assert messages[-1] == "event for a cancelled order: nothing changed"


def test_what_was_decided_is_not_cancelled() -> None:
    order = Order.objects.create(
        sku="apple", quantity=1, request_id="r", created_at=timezone.now(), status="CONFIRMED"
    )
    order.status = Order.Status.PENDING
    consistency.cancel(order, may_be_reserved=True)
    assert order.status == Order.Status.CONFIRMED
    assert not Order.objects.get().release_due


@pytest.mark.usefixtures("stand_in")
def test_the_same_key_gets_the_same_refusal(client: Client, stand_in: StandIn) -> None:
    first = post(client, **{"Idempotency-Key": "k"})
    again = post(client, **{"Idempotency-Key": "k"})
    assert (first.status_code, again.status_code) == (503, 503)
    assert again.content == first.content
    assert again.headers["Retry-After"] == "1"
    assert len(stand_in.bodies) == 1


def test_an_order_whose_maker_died_is_cancelled_for_who_asks_again(client: Client) -> None:
    made = timezone.now() - timedelta(seconds=7)
    order = Order.objects.create(sku="apple", quantity=1, request_id="r", created_at=made)
    IdempotencyKey.objects.create(
        key="k",
        fingerprint=idempotency.fingerprint(order),  # type: ignore[arg-type] # has the same two
        order=order,
        created_at=made,
    )
    assert post(client, **{"Idempotency-Key": "k"}).status_code == 503
    order.refresh_from_db()
    assert (order.status, order.release_due) == ("CANCELLED", True)


@pytest.mark.parametrize("failing", ["status_of", "cancel"])
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.usefixtures("stand_in")
def test_an_order_that_is_stored_is_not_refused_when_the_database_fails_then(
    client: Client, monkeypatch: pytest.MonkeyPatch, failing: str, error: type[Error]
) -> None:
    key = {"Idempotency-Key": "k"}

    def fail(*_: Any, **_more: Any) -> None:
        raise error("lost")

    with monkeypatch.context() as away:
        away.setattr(statements if failing == "status_of" else consistency, failing, fail)
        answer = post(client, **key)
    body = answer.json()
    order = Order.objects.get()
    assert (answer.status_code, body["orderId"], body["status"]) == (202, str(order.id), "PENDING")
    assert answer.headers["Location"] == f"/orders/{order.id}"
    assert post(client, **key).status_code == 409
    made = timezone.now() - timedelta(seconds=7)
    IdempotencyKey.objects.update(created_at=made)
    again = post(client, **key)
    assert (again.status_code, again.json()["orderId"]) == (503, str(order.id))
    assert again.json()["status"] == "CANCELLED"


def released_by(answer: bytes, seen: list[bytes]) -> Callable[[socket.socket], None]:
    def behave(connection: socket.socket) -> None:
        while request := upstreams.read_request(connection):
            seen.append(request)
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(answer), answer)
            )

    return behave


@pytest.mark.usefixtures("stand_in")
def test_reconciliation_releases_it_once(client: Client, settings: LazySettings) -> None:
    order_id = post(client).json()["orderId"]
    seen: list[bytes] = []
    body = json.dumps({"ok": True, "released": 1}).encode()
    with upstreams.server(released_by(body, seen)) as url:
        settings.WORKER_URL = url
        assert reconciliation.release() == 1
        assert reconciliation.release() == 0
    (request,) = seen
    assert request.startswith(f"DELETE /reservations/{order_id} ".encode())
    assert f"x-lab-secret: {settings.LAB_SECRET}".encode() in request.lower().replace(
        settings.LAB_SECRET.lower().encode(), settings.LAB_SECRET.encode()
    )


@pytest.mark.usefixtures("stand_in")
def test_a_release_that_was_not_heard_is_tried_again(
    client: Client, settings: LazySettings
) -> None:
    post(client)
    settings.WORKER_URL = f"http://127.0.0.1:{free_ports(1)[0]}"
    assert reconciliation.release() == 0
    assert Order.objects.get().release_due
