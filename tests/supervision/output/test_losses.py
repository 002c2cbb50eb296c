"""What services printed and the observer did not take is counted, and said once it takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from supervision.output.sender import Printed, Sender
from telemetry.instrument import batching
from telemetry.instrument.batching import LOST_LOGS, LOST_MESSAGE
from telemetry.otlp import from_json
from telemetry.store.rows import level_of, message_of
from tests.support import upstreams
from tests.support.waiting import eventually

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator


class Observer:
    """Takes in log records, or none while it is ``away``."""

    def __init__(self) -> None:
        self.away = True
        self.refused = 0
        self.logs: list[Any] = []

    def behave(self, connection: socket.socket) -> None:
        while request := upstreams.read_request(connection):
            if self.away:
                self.refused += 1
                return
            self.logs += from_json.logs(request.partition(b"\r\n\r\n")[2])[0]
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    @property
    def losses(self) -> dict[str, Any]:
        """The newest count of each service that is said to have lost lines."""
        said = [each for each in self.logs if message_of(each) == LOST_MESSAGE]
        assert all(level_of(each) == "WARN" for each in said)
        names = [each.resource.attributes["service.name"] for each in said]
        return dict(zip(names, [each.attributes[LOST_LOGS] for each in said], strict=True))


@pytest.fixture
def observer() -> Observer:
    return Observer()


@pytest.fixture
def sender(observer: Observer) -> Iterator[Sender]:
    def refusing(connection: socket.socket) -> None:
        observer.behave(connection)
        connection.close()

    with upstreams.server(refusing) as url:
        sender = Sender(url, delay_ms=1)
        sender.start()
        yield sender
        sender.stop()


def printed(service: str = "front") -> Printed:
    record = {"timeUnixNano": "1700000000000000000", "body": {"stringValue": "a line"}}
    return Printed(service, f"{service}#1", record)


def test_lines_that_the_observer_missed_are_said_though_nothing_more_is_printed(
    observer: Observer, sender: Sender
) -> None:
    for service in ("front", "front", "back"):
        sender.put(printed(service))
    eventually(lambda: observer.refused > 0)
    eventually(lambda: sender._losses.unreported() == {"front": 2, "back": 1})
    observer.away = False
    eventually(lambda: observer.losses == {"front": 2, "back": 1})
    sender.put(printed())
    eventually(lambda: "a line" in map(message_of, observer.logs))
    assert observer.losses == {"front": 2, "back": 1}


def test_lines_that_the_queue_had_no_room_for_are_said(
    observer: Observer, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    observer.away = False
    monkeypatch.setattr(batching, "MAX_QUEUE", 0)
    sender.put(printed())
    eventually(lambda: observer.losses == {"front": 1})
