"""A service tells the observer which orders have changed, and waits for nobody."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.instrumentation.utils import is_instrumentation_enabled

from service import changes
from service.changes import MAX_SENT, MAX_WAITING, Changes
from tests.support import upstreams
from tests.support.waiting import eventually

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    from django.conf import LazySettings

ANY = {"any": True}


class Observer:
    """Takes hints, or refuses them."""

    def __init__(self) -> None:
        self.status = b"204 No Content"
        self.heads: list[bytes] = []
        self.hints: list[dict[str, Any]] = []

    def behave(self, connection: socket.socket) -> None:
        while request := upstreams.read_request(connection):
            head, _, body = request.partition(b"\r\n\r\n")
            self.heads.append(head)
            self.hints.append(json.loads(body))
            connection.sendall(b"HTTP/1.1 %b\r\nContent-Length: 0\r\n\r\n" % self.status)


@pytest.fixture
def observer(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Observer]:
    monkeypatch.setattr(changes, "_RETRY_SECONDS", 0.05)
    made = Observer()
    with upstreams.server(made.behave) as url:
        settings.LAB_OBSERVER_URL = url
        yield made


@pytest.fixture
def noted() -> Iterator[Changes]:
    made = Changes()
    yield made
    made.stop()


def began(noted: Changes, observer: Observer) -> None:
    """Start, and wait until the start itself has been reported."""
    noted.start()
    eventually(lambda: observer.hints == [ANY])
    eventually(lambda: noted._idle)
    observer.hints.clear()


def test_a_service_that_begins_says_that_any_order_may_have_changed(
    noted: Changes, observer: Observer, settings: LazySettings
) -> None:
    noted.start()
    eventually(lambda: observer.hints == [ANY])
    assert observer.heads[0].startswith(b"POST /internal/changes ")
    assert f"X-Lab-Secret: {settings.LAB_SECRET}".encode() in observer.heads[0]


def test_a_change_is_told_at_once_and_what_follows_is_gathered(
    noted: Changes, observer: Observer
) -> None:
    began(noted, observer)
    ids = [uuid.uuid4() for _ in range(30)]
    for each in (*ids, *ids):
        noted.note(each)
    notified = {str(each) for each in ids}
    eventually(lambda: {each for hint in observer.hints for each in hint["orderIds"]} == notified)
    assert len(observer.hints) <= 3


def test_many_changes_go_in_bounded_batches(noted: Changes, observer: Observer) -> None:
    began(noted, observer)
    ids = [uuid.uuid4() for _ in range(3 * MAX_SENT)]
    noted._idle = False
    for each in ids:
        noted.note(each)
    noted._loop.wake()
    notified = {str(each) for each in ids}
    eventually(lambda: {each for hint in observer.hints for each in hint["orderIds"]} == notified)
    assert max(len(hint["orderIds"]) for hint in observer.hints) <= MAX_SENT


def test_too_many_changes_are_told_as_any(noted: Changes, observer: Observer) -> None:
    began(noted, observer)
    noted._idle = False
    for _ in range(MAX_WAITING + 1):
        noted.note(uuid.uuid4())
    noted._loop.wake()
    eventually(lambda: ANY in observer.hints)
    assert not noted._waiting


def test_what_did_not_reach_the_observer_is_told_as_any(noted: Changes, observer: Observer) -> None:
    began(noted, observer)
    observer.status = b"503 Service Unavailable"
    noted.note(uuid.uuid4())
    eventually(lambda: observer.hints)
    observer.status = b"204 No Content"
    eventually(lambda: observer.hints[-1] == ANY)
    eventually(lambda: noted._idle)


def test_nothing_is_kept_where_nobody_sends() -> None:
    silent = Changes()
    silent.note(uuid.uuid4())
    assert not silent._waiting


def test_telling_makes_no_records(
    noted: Changes, observer: Observer, monkeypatch: pytest.MonkeyPatch
) -> None:
    enabled: list[bool] = []

    class Client:
        def __init__(self, *_arguments: Any, **_options: Any) -> None:
            """Need nothing."""

        def call(self, *_arguments: Any, **_options: Any) -> None:
            enabled.append(is_instrumentation_enabled())

    monkeypatch.setattr(changes, "LabClient", Client)
    noted.start()
    eventually(lambda: enabled)
    assert enabled == [False]
    assert observer.hints == []
