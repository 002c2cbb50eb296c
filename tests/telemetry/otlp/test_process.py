"""Large bodies are decoded in a process of its own, whose fate harms nobody."""

from __future__ import annotations

import signal
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import orjson
import psutil
import pytest

from telemetry.errors import Malformed
from telemetry.otlp.decoding import bodies
from telemetry.otlp.decoding.process import DecoderProcess, ProcessGoneError
from telemetry.otlp.intake import TRACES, Intake, waited
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telemetry.store.entries import Entries

_OBSERVER = """
import time
from telemetry.otlp.decoding import bodies
from telemetry.otlp.decoding.process import DecoderProcess

if __name__ == "__main__":
    process = DecoderProcess()
    process.decode(bodies.spans, b"{}", as_json=True)
    print(process.pid, flush=True)
    time.sleep(60)
"""


def body(spans: int, *, refused: int = 0) -> bytes:
    """An export with as many spans, and others of which each lacks its id."""
    listed = [
        {"traceId": "a" * 32, "spanId": f"{number:016x}" if number else "", "name": "x" * 500}
        for number in [*range(1, spans + 1), *[0] * refused]
    ]
    return orjson.dumps({"resourceSpans": [{"scopeSpans": [{"spans": listed}]}]})


MEDIUM, LARGE = body(200), body(600)


@pytest.fixture
def process() -> Iterator[DecoderProcess]:
    made = DecoderProcess()
    yield made
    made.stop()


class Store:
    """Stands for the writer."""

    def __init__(self) -> None:
        self.stored: list[int] = []

    def submit(self, entries: Entries) -> Future[list[str]]:
        self.stored.append(len(entries.spans))
        done: Future[list[str]] = Future()
        done.set_result([])
        return done


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def intake(process: DecoderProcess, store: Store) -> Intake:
    return Intake(store.submit, process)


def send(intake: Intake, data: bytes) -> bytes:
    return waited(intake.steps(TRACES, data, coding="", as_json=True), seconds=15)


@contextmanager
def one_body_on_its_way(
    process: DecoderProcess, intake: Intake, data: bytes
) -> Iterator[tuple[psutil.Process, Future[bytes]]]:
    """A body at the process, which stands still."""
    process.decode(bodies.spans, b"{}", as_json=True)
    child, stopped = process._child, psutil.Process(process.pid)
    assert child is not None
    stopped.suspend()
    with ThreadPoolExecutor(1) as senders:
        sent = senders.submit(send, intake, data)
        eventually(child._sending.locked)
        try:
            yield stopped, sent
        finally:
            with suppress(psutil.NoSuchProcess):
                stopped.resume()


def test_it_finds_in_a_body_what_is_found_here(process: DecoderProcess) -> None:
    data = body(3, refused=2)
    there = process.decode(bodies.spans, data, as_json=True)
    assert there == bodies.spans(True, data)
    assert (len(there.entries.spans), there.rejected) == (3, 2)
    with pytest.raises(Malformed) as here:
        bodies.logs(False, b"\xff")
    with pytest.raises(Malformed) as refused:
        process.decode(bodies.logs, b"\xff", as_json=False)
    assert str(refused.value) == str(here.value)


def test_a_death_in_the_middle_costs_no_record(
    process: DecoderProcess, intake: Intake, store: Store
) -> None:
    with one_body_on_its_way(process, intake, LARGE) as (stopped, sent):
        stopped.kill()
        assert sent.result(15) == b"{}"
    assert store.stored == [600]
    # The next one has another.
    process.decode(bodies.spans, b"{}", as_json=True)
    assert process.pid not in (None, stopped.pid)


def test_what_takes_long_there_stops_no_other_sender(
    process: DecoderProcess, intake: Intake, store: Store
) -> None:
    with one_body_on_its_way(process, intake, LARGE) as (stopped, sent):
        assert send(intake, MEDIUM) == send(intake, body(1)) == b"{}"
        assert not sent.done()
        stopped.resume()
        assert sent.result(15) == b"{}"
    assert store.stored == [200, 1, 600]


def test_it_ends_when_nobody_wants_it_for_a_while_and_is_there_again() -> None:
    process = DecoderProcess(idle_seconds=0.5)
    for _ in range(2):
        process.decode(bodies.spans, b"{}", as_json=True)
        eventually(lambda: process.pid is None)
    process.stop()


def test_a_small_body_starts_none(process: DecoderProcess, intake: Intake) -> None:
    assert send(intake, body(1)) == b"{}"
    assert process.pid is None


def test_once_it_is_stopped_there_is_none(process: DecoderProcess, intake: Intake) -> None:
    process.decode(bodies.spans, b"{}", as_json=True)
    process.stop()
    assert process.pid is None
    with pytest.raises(ProcessGoneError):
        process.decode(bodies.spans, b"{}", as_json=True)
    assert send(intake, LARGE) == b"{}"


def test_it_ends_with_a_process_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", _OBSERVER], stdout=subprocess.PIPE) as observer:
        assert observer.stdout is not None
        pid = int(observer.stdout.readline())
        assert psutil.pid_exists(pid)
        observer.kill()
    eventually(lambda: not psutil.pid_exists(pid))


@pytest.mark.skipif(sys.platform == "win32", reason="there Ctrl-C is no signal of one process")
def test_ctrl_c_is_left_to_the_observer(process: DecoderProcess) -> None:
    process.decode(bodies.spans, b"{}", as_json=True)
    pid = process.pid
    psutil.Process(pid).send_signal(signal.SIGINT)
    assert process.decode(bodies.spans, body(1), as_json=True).entries.spans
    assert process.pid == pid
