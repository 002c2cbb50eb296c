"""What is sent is decoded beside what others send: a slow body stops nobody."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from telemetry.otlp.decoding.bodies import Decoded
from telemetry.otlp.intake import Intake, Signal, waited

LARGE = bytes(1 << 20)


def test_a_body_that_takes_long_to_decode_stops_no_other_sender() -> None:
    begun, may_end = threading.Event(), threading.Event()

    def decode(as_json: bool, data: bytes) -> Decoded:
        if len(data) == len(LARGE):
            begun.set()
            assert may_end.wait(10)
        return Decoded()

    signal = Signal(decode, ExportTraceServiceResponse, "rejected_spans", "rejectedSpans")
    intake = Intake(lambda _entries: Future())

    def send(data: bytes) -> bytes:
        return waited(intake.steps(signal, data, coding="", as_json=True), seconds=10)

    with ThreadPoolExecutor(2) as senders:
        slow = [senders.submit(send, LARGE) for _ in range(2)]
        assert begun.wait(10)
        assert [send(b"{}") for _ in range(3)] == [b"{}"] * 3
        assert not any(each.done() for each in slow)
        may_end.set()
        assert [each.result() for each in slow] == [b"{}"] * 2
