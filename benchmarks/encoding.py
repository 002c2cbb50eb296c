"""What recording and encoding a span costs: the lab's way beside the SDK's.

``python -m benchmarks.encoding``: the same spans by both in turn, CPU time, medians.
"""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from telemetry.instrument.encoding import trace_request
from telemetry.instrument.tracer import Tracers

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.trace import Tracer

    from telemetry.instrument.span import RecordedSpan

_SPANS = 500
_ROUNDS = 15


def main() -> None:
    """Print microseconds a span."""
    print(f"{'':<22}recording  encoding, µs a span")
    for name, (tracer, encode) in {
        "SDK, protobuf": _sdk(),
        "ours, JSON by orjson": _ours(),
    }.items():
        recording, encoding = [], []
        for _ in range(_ROUNDS):
            started = time.process_time()
            _record(tracer)
            recorded = time.process_time()
            encode()
            recording.append(recorded - started)
            encoding.append(time.process_time() - recorded)
        print(f"{name:<22}{_each(recording):9.1f}{_each(encoding):10.1f}")


def _sdk() -> tuple[Tracer, Callable[[], object]]:
    finished = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(finished))

    def encode() -> None:
        encode_spans(finished.get_finished_spans()).SerializeToString()
        finished.clear()

    return provider.get_tracer("orders"), encode


def _ours() -> tuple[Tracer, Callable[[], object]]:
    ended: list[RecordedSpan] = []
    resource = Resource.create()
    tracers = Tracers(baggage_keys=(), started=lambda _: None, ended=ended.append)

    def encode() -> None:
        trace_request(resource, ended)
        ended.clear()

    return tracers.get_tracer("orders"), encode


def _record(tracer: Tracer) -> None:
    attributes: dict[str, str | int] = {"lab.boundary": "api->worker", "lab.attempt": 1}
    for number in range(_SPANS):
        with tracer.start_as_current_span("job.deliver", attributes=attributes) as span:
            span.set_attribute("request.id", f"{number:036}")
            span.set_attribute("order.id", f"{number:036}")
            span.set_attribute("http.response.status_code", 200)
            span.set_attribute("lab.timeout_ms", 800)
            span.set_attribute("lab.elapsed_ms", 4)


def _each(seconds: list[float]) -> float:
    return statistics.median(seconds) / _SPANS * 1e6


if __name__ == "__main__":
    main()
