"""Large traces, sent to a lab as OTLP."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.processes import LabProcesses

BATCH = 2_000
CHILDREN = 8
SERVICES = ("gateway", "orders", "stock", "billing")


def send(lab: LabProcesses, size: int) -> str:
    """Send a trace of ``size`` spans and return its id."""
    trace_id = secrets.token_bytes(16)
    for body in batches(trace_id, size):
        lab.session.post(
            f"{lab.observer_url}/v1/traces",
            data=body,
            headers={"Content-Type": "application/x-protobuf"},
            timeout=60,
        ).raise_for_status()
    return trace_id.hex()


def batches(trace_id: bytes, size: int) -> Iterator[bytes]:
    """Make a tree of spans, each with eight children, within its parent's time."""
    start = time.time_ns() - 60_000_000_000
    ids = [secrets.token_bytes(8) for _ in range(size)]
    times = [(start, start + 50_000_000_000)]
    for number in range(1, size):
        above, end = times[(number - 1) // CHILDREN]
        share = (end - above) // (CHILDREN + 1)
        begin = above + share * ((number - 1) % CHILDREN)
        times.append((begin, begin + max(share, 1_000)))
    for first in range(0, size, BATCH):
        message = ExportTraceServiceRequest()
        scopes = {}
        for service in SERVICES:
            resource = message.resource_spans.add()
            named = resource.resource.attributes.add()
            named.key, named.value.string_value = "service.name", service
            scopes[service] = resource.scope_spans.add()
        for number in range(first, min(size, first + BATCH)):
            span = scopes[SERVICES[number % len(SERVICES)]].spans.add()
            span.trace_id, span.span_id = trace_id, ids[number]
            if number:
                span.parent_span_id = ids[(number - 1) // CHILDREN]
            span.name, span.kind = f"operation {number % 40}", Span.SPAN_KIND_INTERNAL
            span.start_time_unix_nano, span.end_time_unix_nano = times[number]
            attribute = span.attributes.add()
            attribute.key, attribute.value.int_value = "number", number
        yield message.SerializeToString()
