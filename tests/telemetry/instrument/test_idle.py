"""While nothing is recorded, nothing runs: neither to export nor to look for open spans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opentelemetry.sdk.resources import Resource

from telemetry.instrument.batching import MAX_BATCH, Batcher
from telemetry.instrument.open_spans import OpenSpans
from telemetry.instrument.tracer import Tracers
from tests.support import upstreams
from tests.support.waiting import eventually, let_pass

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

    import pytest


class Sink:
    def __init__(self) -> None:
        self.batches: list[list[int]] = []

    def export(self, batch: Sequence[int]) -> bool:
        self.batches.append(list(batch))
        return True


def test_what_comes_within_a_delay_is_exported_together_and_then_it_is_idle() -> None:
    sink = Sink()
    batcher = Batcher("test", sink.export, delay_ms=20)
    eventually(lambda: batcher._idle)
    for burst in range(3):
        for each in range(5):
            batcher.put(10 * burst + each)
        eventually(lambda: not batcher._queue and batcher._idle)
    batcher.stop(seconds=2)
    assert sink.batches == [[10 * burst + each for each in range(5)] for burst in range(3)]


def test_a_flood_is_exported_whole_and_in_order() -> None:
    sink = Sink()
    batcher = Batcher("test", sink.export, delay_ms=1)
    for each in range(5 * MAX_BATCH):
        batcher.put(each)
    batcher.stop(seconds=5)
    assert [each for batch in sink.batches for each in batch] == list(range(5 * MAX_BATCH))


def test_an_idle_process_takes_no_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    batch_step, started_step = Batcher._step, OpenSpans._step

    def step(batcher: Batcher[int]) -> float | None:
        steps.append("batcher")
        return batch_step(batcher)

    def look(spans: OpenSpans) -> float | None:
        steps.append("started")
        return started_step(spans)

    monkeypatch.setattr(Batcher, "_step", step)
    monkeypatch.setattr(OpenSpans, "_step", look)
    batcher = Batcher("test", Sink().export, delay_ms=1)
    started = OpenSpans("http://127.0.0.1:9/v1/started", Resource.get_empty(), after_ms=1)
    eventually(lambda: batcher._idle and started._idle)
    before = len(steps)
    let_pass(0.3)
    assert len(steps) == before
    batcher.stop(seconds=2)
    started.shutdown()


def test_a_span_that_lasts_is_told_of_after_a_rest() -> None:
    received: list[bytes] = []

    def behave(connection: socket.socket) -> None:
        while request := upstreams.read_request(connection):
            received.append(request)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    with upstreams.server(behave) as url:
        started = OpenSpans(f"{url}/v1/started", Resource.get_empty(), after_ms=10)
        tracers = Tracers(baggage_keys=(), started=started.started, ended=started.ended)
        eventually(lambda: started._idle)
        with tracers.get_tracer("test").start_as_current_span("lasts"):
            eventually(lambda: received)
        eventually(lambda: started._idle)
        started.shutdown()
    assert b"lasts" in received[0]
