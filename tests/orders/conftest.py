"""The order API in this process, with a stand-in on a real socket where the worker would be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from orders.defences.names import DEFENCES
from orders.faults import SWITCHES
from tests.support.stand_in import standing_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.conf import LazySettings

    from tests.support.stand_in import StandIn


@pytest.fixture
def client(settings: LazySettings) -> Client:
    """A caller on this machine, with the services' own guard before it."""
    settings.MIDDLEWARE = ["service.guard.ServiceGuard"]
    return Client(headers={"host": "localhost"})


@pytest.fixture
def stand_in(settings: LazySettings) -> Iterator[StandIn]:
    """A worker that accepts every job and never calls back."""
    with standing_in() as there:
        settings.WORKER_URL = there.url
        yield there


@pytest.fixture(autouse=True)
def _healed() -> Iterator[None]:
    _heal()
    yield
    _heal()


def _heal() -> None:
    SWITCHES.heal()
    DEFENCES.switch(dict.fromkeys(DEFENCES.as_json(), False))
