"""The worker in this process, with a stand-in on a real socket where the API would be."""

from __future__ import annotations

import uuid
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

import pytest
from django.test import Client

from tests.support.stand_in import standing_in
from worker.defences import DEFENCES
from worker.faults import SWITCHES
from worker.models import Sku

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.conf import LazySettings
    from django.http import HttpResponse

    from tests.support.stand_in import StandIn


@pytest.fixture
def client(settings: LazySettings) -> Client:
    """A caller on this machine, with the services' own guard before it."""
    settings.MIDDLEWARE = ["service.guard.ServiceGuard"]
    return Client(headers={"host": "localhost"})


@pytest.fixture
def stand_in(settings: LazySettings) -> Iterator[StandIn]:
    """An API that acknowledges every event."""
    with standing_in() as there:
        settings.API_CALLBACK_URL = there.url
        yield there


@pytest.fixture
def settings_secret(settings: LazySettings) -> str:
    return str(settings.LAB_SECRET)


@pytest.fixture
def order_id() -> str:
    return str(uuid.UUID(int=7, version=4))


@pytest.fixture
def send_job(client: Client, order_id: str) -> Callable[..., HttpResponse]:
    """``POST /jobs/reserve-stock`` for one apple of one order, with changes."""

    def send(**changes: Any) -> HttpResponse:
        job = {"orderId": order_id, "requestId": "req-1", "sku": "apple", "quantity": 1} | changes
        answer: Any = client.post("/jobs/reserve-stock", job, content_type="application/json")
        return cast("HttpResponse", answer)

    return send


@pytest.fixture(autouse=True)
def _healed() -> Iterator[None]:
    _heal()
    yield
    _heal()


def _heal() -> None:
    SWITCHES.heal()
    DEFENCES.switch(dict.fromkeys(DEFENCES.as_json(), False))


@pytest.fixture(autouse=True)
def _stocked(request: pytest.FixtureRequest) -> None:
    """Fill the stock again that a test with real transactions, of any room, has emptied."""
    if request.node.get_closest_marker("django_db") is None:
        return
    request.getfixturevalue("_django_db_helper")
    first_stock = import_module("worker.migrations.0002_first_stock").FIRST_STOCK
    for sku, count in first_stock.items():
        Sku.objects.get_or_create(sku=sku, defaults={"initial": count, "available": count})
