"""``Idempotency-Key``: the same key and order get the same answer; one order, whoever races."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import Error, InterfaceError, OperationalError, connections
from django.test import Client
from django.utils import timezone

from orders import job_outbox, statements
from orders.defences import idempotency
from orders.defences.names import DEFENCES, OUTBOX
from orders.models import IdempotencyKey, Order
from tests.support import upstreams
from tests.support.ports import free_ports

if TYPE_CHECKING:
    import socket

    from django.conf import LazySettings

    from tests.support.stand_in import StandIn

pytestmark = [pytest.mark.django_db, pytest.mark.urls("labsite.http.urls_api")]
KEY = '"8e03978e-40d5-43e8-bc93-6894a57f9324"'


def post(client: Client, key: str = KEY, body: Any = None) -> Any:
    return client.post(
        "/orders",
        body if body is not None else {"sku": "banana"},
        content_type="application/json",
        headers={"Idempotency-Key": key},
    )


def test_the_same_key_and_order_get_the_same_answer(client: Client, stand_in: StandIn) -> None:
    first = post(client)
    again = post(client, body={"quantity": 1, "sku": "banana"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    for name in ("Location", "X-Request-Id"):
        assert again.headers[name] == first.headers[name]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Order.objects.count() == len(stand_in.bodies) == 1


@pytest.mark.usefixtures("stand_in")
def test_the_answer_stays_as_it_was_given(client: Client) -> None:
    first = post(client)
    Order.objects.update(status="CONFIRMED")
    assert post(client).json() == first.json()
    assert first.json()["status"] == "PENDING"


@pytest.mark.usefixtures("stand_in")
def test_another_order_under_the_same_key_is_422(client: Client) -> None:
    post(client)
    answer = post(client, body={"sku": "apple"})
    assert (answer.status_code, answer.json()["field"]) == (422, "Idempotency-Key")
    assert "another order" in answer.json()["error"]
    assert Order.objects.count() == 1


@pytest.mark.usefixtures("stand_in")
def test_quotes_may_be_left_out(client: Client) -> None:
    assert post(client, KEY).content == post(client, KEY.strip('"')).content


@pytest.mark.parametrize("parameters", [";tenant=7", '; from="web;1"; retried', " ;a=?1"])
@pytest.mark.usefixtures("stand_in")
def test_parameters_of_a_key_are_ignored(client: Client, parameters: str) -> None:
    assert post(client, KEY).content == post(client, KEY + parameters).content
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "of"), [("keep", idempotency), ("status_of", statements), ("settled", job_outbox)]
)
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.usefixtures("stand_in")
def test_a_stored_order_is_acknowledged_though_the_database_fails_then(
    client: Client, monkeypatch: pytest.MonkeyPatch, name: str, of: Any, error: type[Error]
) -> None:
    def fail(*_: Any, **_more: Any) -> None:
        raise error("lost")

    DEFENCES.switch({OUTBOX: True})
    with monkeypatch.context() as away:
        away.setattr(of, name, fail)
        first = post(client)
    assert first.status_code == 201
    assert Order.objects.get().id == uuid.UUID(first.json()["orderId"])
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(seconds=7))
    assert post(client).json()["orderId"] == first.json()["orderId"]


@pytest.mark.parametrize(
    "key",
    [
        "",
        '""',
        '"open',
        'a"b"',
        "two words",
        '"na\u00efve"',
        f'"{"x" * 256}"',
        '"a" b=c',
        '"a", "b"',
        '"\\x"',
    ],
)
@pytest.mark.usefixtures("stand_in")
def test_a_malformed_key_is_replaced_and_the_answer_tells_by_which(
    client: Client, key: str
) -> None:
    answer = post(client, key)
    assert answer.status_code == 201
    assert post(client, answer.headers["Idempotency-Key"]).content == answer.content
    assert Order.objects.count() == 1


@pytest.mark.usefixtures("stand_in")
def test_a_well_formed_key_is_the_callers_own(client: Client) -> None:
    assert "Idempotency-Key" not in post(client).headers


def test_a_refused_body_leaves_the_key_free(client: Client, stand_in: StandIn) -> None:
    assert post(client, body={"sku": "moon"}).status_code == 400
    assert post(client).status_code == 201
    assert len(stand_in.bodies) == 1


def test_escapes_are_read() -> None:
    assert idempotency.read_key('"a\\"b\\\\c"') == idempotency.Key('a"b\\c')
    assert idempotency.read_key(None) is None


@pytest.mark.parametrize(("age", "status"), [(1, 409), (7, 201), (-3_600, 201)])
def test_whose_maker_died_is_answered_by_how_its_order_stands(
    client: Client, monkeypatch: pytest.MonkeyPatch, age: int, status: int
) -> None:
    made = timezone.now()
    # Its own clock: on a busy machine more than the seconds of a case may pass.
    monkeypatch.setattr(timezone, "now", lambda: made + timedelta(seconds=age))
    order = Order.objects.create(sku="banana", quantity=1, request_id="req-1", created_at=made)
    IdempotencyKey.objects.create(
        key=KEY.strip('"'),
        fingerprint=idempotency.fingerprint(order),  # type: ignore[arg-type] # has the same two
        order=order,
        created_at=made,
    )
    answer = post(client)
    assert answer.status_code == status
    if status == 409:
        assert answer.headers["Retry-After"] == "1"
    else:
        assert answer.json()["orderId"] == str(order.id)
        order.status = Order.Status.CONFIRMED
        order.save()
        assert post(client).content == answer.content
    assert Order.objects.count() == 1


def test_a_crash_between_leaves_neither_order_nor_key(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_args: Any) -> None:
        raise RuntimeError("between the two")

    monkeypatch.setattr(idempotency, "add", crash)
    with pytest.raises(RuntimeError):
        post(client)
    assert not Order.objects.exists()
    assert not IdempotencyKey.objects.exists()


def keys(count: int, *, age: timedelta = timedelta()) -> None:
    for number in range(count):
        made = timezone.now() - age - timedelta(seconds=number)
        order = Order.objects.create(sku="apple", quantity=1, request_id="r", created_at=made)
        IdempotencyKey.objects.create(
            key=f"{age.days}-{number}", fingerprint="", order=order, created_at=made
        )


def test_keys_are_forgotten_by_age_and_by_number_and_orders_are_not() -> None:
    keys(3, age=timedelta(days=2))
    keys(5)
    assert idempotency.forget_old(most=4) == 4
    assert set(IdempotencyKey.objects.values_list("key", flat=True)) == {f"0-{n}" for n in range(4)}
    assert idempotency.forget_old(most=4) == 0
    assert Order.objects.count() == 8


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_places_the_order(settings: LazySettings) -> None:
    settings.MIDDLEWARE = ["service.guard.ServiceGuard"]
    settings.DELIVERY_TIMEOUT_MS = 5_000
    others, go_on = threading.Barrier(7, action=lambda: go_on.set()), threading.Event()

    def slow(connection: socket.socket) -> None:
        upstreams.read_request(connection)
        go_on.wait(5)
        upstreams.reset(connection)

    def one(_number: int) -> int:
        try:
            status: int = post(Client(headers={"host": "localhost"})).status_code
            if status != 201:
                others.wait(5)
            return status
        finally:
            connections.close_all()

    with upstreams.server(slow) as url, ThreadPoolExecutor(8) as pool:
        settings.WORKER_URL = url
        statuses = sorted(pool.map(one, range(8)))
    assert statuses == [201] + [409] * 7
    assert Order.objects.count() == IdempotencyKey.objects.count() == 1


def test_the_answer_of_a_dead_worker_is_kept_as_well(
    client: Client, settings: LazySettings
) -> None:
    settings.WORKER_URL = f"http://127.0.0.1:{free_ports(1)[0]}"
    assert post(client).content == post(client).content
