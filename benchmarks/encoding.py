"""What encoding a span costs: the lab's OTLP JSON beside the SDK's protobuf.

``python -m benchmarks.encoding``: the same spans by both in turn, CPU time, medians.
"""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from telemetry.instrument.encoding import trace_request

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from opentelemetry.sdk.trace import ReadableSpan

_SPANS = 500
_ROUNDS = 15


def main() -> None:
    """Print microseconds a span."""
    spans = _spans()
    encoders: dict[str, Callable[[Sequence[ReadableSpan]], bytes]] = {
        "SDK, protobuf": lambda batch: encode_spans(batch).SerializeToString(),
        "ours, JSON by orjson": trace_request,
    }
    taken: dict[str, list[float]] = {name: [] for name in encoders}
    for _ in range(_ROUNDS):
        for name, encode in encoders.items():
            started = time.process_time()
            encode(spans)
            taken[name].append((time.process_time() - started) / _SPANS * 1e6)
    for name, each in taken.items():
        print(f"{name:<22}{statistics.median(each):6.1f} µs a span")


def _spans() -> Sequence[ReadableSpan]:
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    tracer = provider.get_tracer("orders")
    attributes: dict[str, str | int] = {"lab.boundary": "api->worker", "lab.attempt": 1}
    for number in range(_SPANS):
        with tracer.start_as_current_span("job.deliver", attributes=attributes) as span:
            span.set_attribute("request.id", f"{number:036}")
            span.set_attribute("order.id", f"{number:036}")
            span.set_attribute("http.response.status_code", 200)
            span.set_attribute("lab.timeout_ms", 800)
            span.set_attribute("lab.elapsed_ms", 4)
    return kept.get_finished_spans()


if __name__ == "__main__":
    main()
