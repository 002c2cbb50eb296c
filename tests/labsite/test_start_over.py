"""Starting over does what can be done and says what could not; nothing is torn apart."""

from __future__ import annotations

import json
import threading
import uuid
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from faults.errors import HolderError
from faults.ledger.ledger import LEDGER
from labsite import signals, start_over
from lesson.game import GAME
from telemetry.store.retention import RETENTION
from tests.support import upstreams
from tests.support.ports import free_ports

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    from django.conf import LazySettings

pytestmark = [
    pytest.mark.django_db(databases=["default", "worker", "telemetry"], transaction=True),
    pytest.mark.urls("labsite.http.urls_observer"),
]


class Parts:
    """What was done, in turn."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def heal(self) -> None:
        self.done.append("faults")

    def remove(self, _names: Any, **_options: Any) -> tuple[int, int]:
        self.done.append("telemetry")
        return (2, 1)

    def announce(self, frame: dict[str, Any], **_signal: Any) -> None:
        self.done.append(frame["type"])


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> Iterator[Parts]:
    made = Parts()
    monkeypatch.setattr(start_over, "_SENT_SECONDS", 0)
    monkeypatch.setattr(start_over, "_START_SECONDS", 0)
    monkeypatch.setattr(LEDGER, "heal_all", made.heal)
    monkeypatch.setattr(RETENTION, "remove_services", made.remove)
    signals.started_over.connect(made.announce)
    api = upstreams.answering(body=b'{"orders": 3}')
    worker = upstreams.answering(body=b'{"reservations": 4}')
    with upstreams.server(api) as api_url, upstreams.server(worker) as worker_url:
        settings.LAB_API_URL, settings.LAB_WORKER_URL = api_url, worker_url
        yield made
    signals.started_over.disconnect(made.announce)


def post() -> tuple[int, dict[str, Any]]:
    answered = Client(headers={"host": "localhost"}).post("/api/start-over")
    return answered.status_code, json.loads(answered.content)


def test_all_parts_are_done_faults_first_and_telemetry_last(parts: Parts) -> None:
    assert post() == (200, {"orders": 3, "reservations": 4, "traces": 2, "logs": 1})
    assert parts.done == ["faults", "telemetry", "startedOver"]


def test_a_service_that_is_down_is_named_and_the_rest_is_done(
    parts: Parts, settings: LazySettings
) -> None:
    settings.LAB_WORKER_URL = f"http://127.0.0.1:{free_ports(1)[0]}"
    status, body = post()
    assert (status, body["failed"].keys(), body["orders"]) == (502, {"worker"}, 3)
    assert settings.LAB_WORKER_URL in body["error"]
    assert parts.done == ["faults", "telemetry", "startedOver"]


def test_services_that_are_down_are_waited_for_together_and_all_named(
    parts: Parts, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends: set[float] = set()
    answers = start_over._answers

    def noted(service: str, *, until: float, failed: dict[str, str]) -> bool:
        ends.add(until)
        return answers(service, until=until, failed=failed)

    monkeypatch.setattr(start_over, "_answers", noted)
    monkeypatch.setattr(start_over, "_LOOK_SECONDS", 0.1)
    closed = f"http://127.0.0.1:{free_ports(1)[0]}"
    with upstreams.server(upstreams.silent) as silent:
        settings.LAB_API_URL, settings.LAB_WORKER_URL = closed, silent
        status, body = post()
    assert (status, body["failed"].keys()) == (502, {"worker", "api"})
    assert "did not answer" in body["failed"]["worker"]
    assert closed in body["failed"]["api"]
    assert len(ends) == 1
    assert parts.done == ["faults", "telemetry", "startedOver"]


def test_a_service_that_is_just_starting_again_is_waited_for(
    parts: Parts, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start_over, "_START_SECONDS", 20)
    port = free_ports(1)[0]
    settings.LAB_API_URL = f"http://127.0.0.1:{port}"
    answering = upstreams.server(upstreams.answering(body=b'{"orders": 3}'), port=port)
    with ExitStack() as started:
        timer = threading.Timer(0.3, lambda: started.enter_context(answering))
        timer.start()
        status, body = post()
        timer.join()
    assert (status, body["orders"], body["reservations"]) == (200, 3, 4)


def test_the_worker_is_told_which_orders_are_gone(
    parts: Parts, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [str(uuid.UUID(int=number)) for number in range(1, 4)]
    told: list[str] = []

    def behave(connection: socket.socket) -> None:
        while request := upstreams.read_request(connection):
            head, _, body = request.partition(b"\r\n\r\n")
            if b"/internal/forget" in head:
                told.extend(json.loads(body)["orderIds"])
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    monkeypatch.setattr(start_over, "_BATCH", 2)
    api = upstreams.answering(body=json.dumps({"orders": 3, "orderIds": ids}).encode())
    with upstreams.server(api) as api_url, upstreams.server(behave) as worker_url:
        settings.LAB_API_URL, settings.LAB_WORKER_URL = api_url, worker_url
        status, body = post()
    assert (status, body) == (200, {"orders": 3, "traces": 2, "logs": 1})
    assert told == ids


def test_faults_that_could_not_be_healed_are_named(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise HolderError("socket: no links answer")

    monkeypatch.setattr(LEDGER, "heal_all", fail)
    status, body = post()
    assert (status, body["failed"]) == (502, {"faults": "socket: no links answer"})
    assert parts.done == ["telemetry", "startedOver"]


def test_what_goes_on_is_not_torn_apart(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start_over, "RUNS", type("Busy", (), {"busy": True}))
    assert post() == (409, {"error": "An experiment is running: stop it first."})
    monkeypatch.undo()
    monkeypatch.setattr(GAME, "state", lambda: {"status": "on"})
    assert post() == (409, {"error": "A mystery is on: answer it or leave it first."})
    assert parts.done == []


def test_two_at_a_time_are_one(parts: Parts) -> None:
    with start_over._LOCK:
        status, body = post()
    assert (status, body["error"]) == (409, "The lab is being started over already.")
    assert parts.done == []


def test_it_is_asked_for_by_post_alone(parts: Parts) -> None:
    assert Client(headers={"host": "localhost"}).get("/api/start-over").status_code == 405
    assert parts.done == []
