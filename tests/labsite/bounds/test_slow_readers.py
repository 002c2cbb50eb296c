"""An answer that its caller does not read waits neither for ever nor in any size."""

from __future__ import annotations

import secrets
import socket
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from labsite.http import daphne_readers
from labsite.http.daphne_readers import READ_SECONDS, SlowReaders
from tests.support.service_process import ServiceProcess
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RECORDS, TEXT_BYTES = 2_000, 4_000


class Timer:
    """As much of the reactor's as a watch asks for."""

    def __init__(self, seconds: float, action: Callable[..., None], *given: Any) -> None:
        self.seconds = seconds
        self._action = action
        self._given = given
        self._active = True

    def active(self) -> bool:
        return self._active

    def cancel(self) -> None:
        self._active = False

    def pass_(self) -> None:
        """Let its time pass."""
        if self._active:
            self._active = False
            self._action(*self._given)


class Reactor:
    def __init__(self) -> None:
        self.timers: list[Timer] = []

    def callLater(self, *given: Any) -> Timer:  # noqa: N802 # Twisted's name
        self.timers.append(Timer(*given))
        return self.timers[-1]


class Channel:
    """A connection that holds so many bytes of an answer."""

    def __init__(self, unread: int) -> None:
        self.transport = self
        self.dataBuffer = bytes(unread)
        self.offset = 0
        self._tempDataLen = 0
        self.ended = False

    def abortConnection(self) -> None:  # noqa: N802 # Twisted's name
        self.ended = True


@pytest.fixture
def readers() -> SlowReaders:
    made = SlowReaders()
    made.reactor = Reactor()
    return made


def test_who_does_not_read_is_disconnected_after_a_time_and_who_does_is_not(
    readers: SlowReaders,
) -> None:
    slow, fast, page = Channel(100), Channel(100), Channel(100)
    for each in (slow, fast, page):
        readers.waits(each)
    readers.has_read(fast)
    # One that has become a WebSocket reads without its channel's hearing of it.
    page.offset = 100
    assert {each.seconds for each in readers.reactor.timers} == {READ_SECONDS}
    for each in readers.reactor.timers:
        each.pass_()
    assert [each.ended for each in (slow, fast, page)] == [True, False, False]


def test_of_too_much_the_answer_goes_that_has_waited_longest(
    readers: SlowReaders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daphne_readers, "MAX_UNREAD_BYTES", 250)
    waiting = [Channel(100) for _ in range(4)]
    for each in waiting:
        readers.waits(each)
    assert [each.ended for each in waiting] == [True, True, False, False]
    # One alone may be of any size.
    alone = Channel(1_000)
    readers.waits(alone)
    assert [each.ended for each in (*waiting, alone)] == [True, True, True, True, False]


@pytest.mark.long
@pytest.mark.timeout(120)
def test_the_observer_forgets_callers_that_read_nothing(tmp_path: Path) -> None:
    with ServiceProcess("observer", tmp_path) as observer, ExitStack() as callers:
        trace_id = secrets.token_hex(16)
        assert observer.call("POST", "/v1/traces", json=spans_of(trace_id)).json() == {}
        path = f"/api/export?format=otlp&traceId={trace_id}"
        process = psutil.Process(observer.process.pid)
        ports = set()
        for end in ("close", "keep-alive"):
            for _ in range(4):
                connection = callers.enter_context(socket.socket())
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
                connection.connect(("127.0.0.1", observer.port))
                ports.add(connection.getsockname()[1])
                lines = [
                    f"GET /api/export?format=otlp&traceId={trace_id} HTTP/1.1",
                    "Host: localhost",
                ]
                connection.sendall("\r\n".join([*lines, f"Connection: {end}", "", ""]).encode())

        def held() -> int:
            ends = (each.raddr for each in process.net_connections())
            return sum(bool(end) and end.port in ports for end in ends)

        eventually(lambda: held() == 8)
        assert observer.call("GET", "/readyz").ok
        eventually(lambda: held() == 0, seconds=2 * READ_SECONDS)
        # Who reads all along gets all of it.
        assert observer.call("GET", path).text.count(trace_id) == RECORDS
    assert "Traceback" not in observer.log


def spans_of(trace_id: str) -> dict[str, object]:
    """Make a trace that is larger than what the system keeps of an answer."""
    now = str(time.time_ns())
    spans = [
        {
            "traceId": trace_id,
            "spanId": secrets.token_hex(8),
            "name": secrets.token_hex(TEXT_BYTES // 2),
            "startTimeUnixNano": now,
            "endTimeUnixNano": now,
        }
        for _ in range(RECORDS)
    ]
    return {"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}
