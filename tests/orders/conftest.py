"""The order API in this process, with a stand-in on a real socket where the worker would be."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from orders.defences import DEFENCES
from orders.faults import SWITCHES
from tests.support import upstreams

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    from django.conf import LazySettings


class StandIn:
    """What the api sent to where the worker listens: one entry a job."""

    def __init__(self) -> None:
        self.jobs: list[dict[str, object]] = []
        self.heads: list[str] = []

    def behave(self, connection: socket.socket) -> None:
        """Keep the job, and say that it is done."""
        while request := upstreams.read_request(connection):
            head, _, body = request.partition(b"\r\n\r\n")
            self.heads.append(head.decode())
            self.jobs.append(json.loads(body))
            connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"ok": true}')


@pytest.fixture
def client(settings: LazySettings) -> Client:
    """A caller on this machine, at the door of a service."""
    settings.MIDDLEWARE = ["labsite.middleware.ServiceGuard"]
    return Client(headers={"host": "localhost"})


@pytest.fixture
def stand_in(settings: LazySettings) -> Iterator[StandIn]:
    """A worker that accepts every job and never calls back."""
    there = StandIn()
    with upstreams.server(there.behave) as url:
        settings.WORKER_URL = url
        yield there


@pytest.fixture(autouse=True)
def _healed() -> Iterator[None]:
    _heal()
    yield
    _heal()


def _heal() -> None:
    SWITCHES.heal()
    DEFENCES.switch(dict.fromkeys(DEFENCES.as_json(), False))
