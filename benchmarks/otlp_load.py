"""A load of OTLP exports from processes of their own: cheap, to leave the machine to the measured.

A batch is packed once as an SDK does it, and sent again and again with new ids written over the old
ones.
"""

from __future__ import annotations

import http.client
import multiprocessing
import os
import secrets
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import grpc
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.synchronize import Event

SPANS = 512
ATTRIBUTES = 8
SPANS_A_TRACE = 16
SENDERS = 4
_TRACE_ID_BYTES = 16
_SPAN_ID_BYTES = 8
_TOO_MANY = (429, 503)
_NO_ROOM = (grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.UNAVAILABLE)


class Batches:
    """Batches of ``size`` spans with `ATTRIBUTES` attributes each, every one with its own ids."""

    def __init__(self, size: int = SPANS) -> None:
        message = _message(size)
        self._packed = bytearray(message.SerializeToString())
        spans = message.resource_spans[0].scope_spans[0].spans
        self._trace_ids: list[int] = []
        self._span_ids: list[int] = []
        at = 0
        for span in spans:
            at = self._packed.index(span.trace_id, at)
            self._trace_ids.append(at)
            at = self._packed.index(span.span_id, at)
            self._span_ids.append(at)

    def next(self) -> bytes:
        """Pack the next batch."""
        fresh = os.urandom(len(self._span_ids) * _SPAN_ID_BYTES)
        for number, at in enumerate(self._span_ids):
            first = number * _SPAN_ID_BYTES
            self._packed[at : at + _SPAN_ID_BYTES] = fresh[first : first + _SPAN_ID_BYTES]
        for number, at in enumerate(self._trace_ids):
            if number % SPANS_A_TRACE == 0:
                trace_id = secrets.token_bytes(_TRACE_ID_BYTES)
            self._packed[at : at + _TRACE_ID_BYTES] = trace_id
        return bytes(self._packed)


@contextmanager
def flowing(
    url: str, *, per_second: float | None, senders: int = SENDERS, spans: int = SPANS
) -> Iterator[Flow]:
    """Send spans to ``url`` until the block ends; as many as are taken when no rate is given.

    ``grpc://host:port`` is sent OTLP/gRPC, any other address OTLP/HTTP.
    """
    context = multiprocessing.get_context("spawn")
    ended = context.Event()
    processes = []
    pipes = []
    for _ in range(senders):
        receiver, sender = context.Pipe(duplex=False)
        rate = None if per_second is None else per_second / senders
        processes.append(context.Process(target=_send, args=(sender, url, rate, spans, ended)))
        processes[-1].start()
        sender.close()
        pipes.append(receiver)
    for pipe in pipes:
        pipe.recv()
    flow = Flow()
    try:
        yield flow
    finally:
        ended.set()
        for pipe in pipes:
            batches, seconds, refused = pipe.recv()
            flow.spans += batches * spans
            flow.per_second += batches * spans / seconds
            flow.refused += refused
        for process in processes:
            process.join()


class Flow:
    """What was acknowledged, known once the flow has ended; ``refused`` counts batches."""

    def __init__(self) -> None:
        self.spans = 0
        self.per_second = 0.0
        self.refused = 0


def _send(sender: Connection, url: str, per_second: float | None, spans: int, ended: Event) -> None:
    batches = Batches(spans)
    export = _over_grpc(url) if url.startswith("grpc://") else _over_http(url)
    sender.send("ready")
    began = time.monotonic()
    sent = refused = 0
    while not ended.is_set():
        if per_second is not None:
            time.sleep(max(0.0, began + sent * spans / per_second - time.monotonic()))
        if export(batches.next()):
            sent += 1
        else:
            refused += 1
            time.sleep(0.1)
    sender.send((sent, time.monotonic() - began, refused))


def _over_http(url: str) -> Callable[[bytes], bool]:
    """Connect; return what sends a batch, and says whether there was room for it."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=60)
    connection.connect()

    def export(batch: bytes) -> bool:
        headers = {"Content-Type": "application/x-protobuf"}
        connection.request("POST", parts.path, batch, headers)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status in (http.client.OK, *_TOO_MANY), body
        return answer.status == http.client.OK

    return export


def _over_grpc(url: str) -> Callable[[bytes], bool]:
    """Connect; return what sends a batch, and says whether there was room for it."""
    channel = grpc.insecure_channel(urlsplit(url).netloc)
    grpc.channel_ready_future(channel).result(timeout=60)
    call: Callable[..., bytes] = channel.unary_unary(
        "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
    )

    def export(batch: bytes) -> bool:
        try:
            call(batch, timeout=60)
        except grpc.RpcError as error:
            if error.code() not in _NO_ROOM:
                raise
            return False
        return True

    return export


def _message(size: int) -> ExportTraceServiceRequest:
    message = ExportTraceServiceRequest()
    resource = message.resource_spans.add()
    name = resource.resource.attributes.add()
    name.key, name.value.string_value = "service.name", "benchmark"
    scope = resource.scope_spans.add()
    now = time.time_ns()
    for number in range(size):
        if number % SPANS_A_TRACE == 0:
            trace_id = secrets.token_bytes(_TRACE_ID_BYTES)
        span = scope.spans.add()
        span.trace_id, span.span_id = trace_id, secrets.token_bytes(_SPAN_ID_BYTES)
        span.name, span.kind = f"operation {number % 10}", Span.SPAN_KIND_SERVER
        span.start_time_unix_nano, span.end_time_unix_nano = now, now + 1_000_000
        for attribute in range(ATTRIBUTES):
            pair = span.attributes.add()
            pair.key, pair.value.string_value = f"attribute.{attribute}", f"value {number}"
    return message
