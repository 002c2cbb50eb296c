"""What both of OTLP's transports do with a request: unpack, decode and judge, store, answer.

The steps are written once, as a generator of futures: ASGI awaits them, a thread of gRPC's waits.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from telemetry.errors import Unsupported
from telemetry.judge import described
from telemetry.otlp.decoding import bodies
from telemetry.otlp.decoding.bodies import Decoded
from telemetry.otlp.decoding.process import ProcessGoneError
from telemetry.otlp.metrics import NOT_KEPT, counted
from telemetry.otlp.packing import unpack
from telemetry.refused import CODING, REFUSED
from telemetry.store.entries import NONE, Entries

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from telemetry.otlp.decoding.process import DecoderProcess

    Submit = Callable[[Entries], Future[list[str]]]
    Response = ExportTraceServiceResponse | ExportLogsServiceResponse | ExportMetricsServiceResponse
    Steps = Generator[Future[Any], Any, bytes]

MAX_BYTES = 16 * 1024 * 1024
_LARGE_BYTES = 256 * 1024
_WORTH_SENDING_BYTES = 64 * 1024


@dataclass(frozen=True)
class Signal:
    """One of OTLP's signals: how it is decoded, and in what its answer counts what is refused."""

    decode: Callable[[bool, bytes], Decoded]
    response: Callable[[], Response]
    rejected: str
    rejected_in_json: str
    elsewhere: bool = False
    """Whether it can be decoded in another process."""


class Intake:
    """Takes in requests; ``submit`` stores what they hold, ``process`` decodes large ones."""

    def __init__(self, submit: Submit, process: DecoderProcess | None = None) -> None:
        self._submit = submit
        self._process = process
        # One thread decodes what most send: more would only take turns. What may take long has one
        # of its own, so that it stops no other sender.
        self._decoder = ThreadPoolExecutor(max_workers=1, thread_name_prefix="otlp-decoder")
        self._slow_decoder = ThreadPoolExecutor(max_workers=1, thread_name_prefix="otlp-decoder-l")
        # While one of these reads an answer of the process the other one sends the next body.
        self._elsewhere = ThreadPoolExecutor(max_workers=2, thread_name_prefix="otlp-elsewhere")
        self._is_slow = False

    def steps(self, signal: Signal, data: bytes, *, coding: str, as_json: bool) -> Steps:
        """Yield each future that is to be waited for; return the body of the answer.

        :raises TelemetryError: it is refused, as is every future that ends with one.
        """
        if coding:
            data = yield self._decoder_of(data).submit(_unpack, coding, data)
        decoded = yield self._decoding(signal, data, as_json=as_json)
        if any(decoded.entries):
            unstored = yield self._submit(decoded.entries)
            if unstored:
                decoded.rejected += len(unstored)
                decoded.message = "; ".join(filter(None, [decoded.message, described(unstored)]))
        return _answer(signal, decoded.rejected, decoded.message, as_json=as_json)

    def _decoding(self, signal: Signal, data: bytes, *, as_json: bool) -> Future[Decoded]:
        process = self._process if signal.elsewhere else None
        if len(data) > _LARGE_BYTES:
            return self._slow_decoder.submit(self._decode_slowly, signal, data, as_json=as_json)
        if (
            process is not None
            and len(data) > _WORTH_SENDING_BYTES
            # Not behind one that may take long.
            and not self._is_slow
            and process.is_ready()
        ):
            return self._elsewhere.submit(self._decode, signal, data, as_json=as_json)
        return self._decoder.submit(signal.decode, as_json, data)

    def _decode_slowly(self, signal: Signal, data: bytes, *, as_json: bool) -> Decoded:
        self._is_slow = True
        try:
            return self._decode(signal, data, as_json=as_json)
        finally:
            self._is_slow = False

    def _decode(self, signal: Signal, data: bytes, *, as_json: bool) -> Decoded:
        if self._process is not None and signal.elsewhere:
            with suppress(ProcessGoneError):
                return self._process.decode(signal.decode, data, as_json=as_json)
        return signal.decode(as_json, data)

    def _decoder_of(self, data: bytes) -> ThreadPoolExecutor:
        return self._slow_decoder if len(data) > _LARGE_BYTES else self._decoder


async def awaited(steps: Steps) -> bytes:
    """Go through ``steps`` in an event loop."""
    value: Any = None
    while True:
        try:
            future = steps.send(value)
        except StopIteration as end:
            answer: bytes = end.value
            return answer
        value = await asyncio.wrap_future(future)


def waited(steps: Steps, *, seconds: float) -> bytes:
    """Go through ``steps`` in a thread.

    :raises TimeoutError: one of them takes longer than ``seconds``.
    """
    value: Any = None
    while True:
        try:
            future = steps.send(value)
        except StopIteration as end:
            answer: bytes = end.value
            return answer
        value = future.result(seconds)


def _unpack(coding: str, data: bytes) -> bytes:
    try:
        return unpack(coding, data)
    except Unsupported:
        REFUSED.count(CODING, coding)
        raise


def _metrics(as_json: bool, data: bytes) -> Decoded:  # noqa: FBT001
    points, service = counted(as_json, data)
    reported = points > 0 and REFUSED.count_metrics(points, service)
    return Decoded(NONE, points, NOT_KEPT) if reported else Decoded()


TRACES = Signal(
    bodies.spans, ExportTraceServiceResponse, "rejected_spans", "rejectedSpans", elsewhere=True
)
LOGS = Signal(
    bodies.logs,
    ExportLogsServiceResponse,
    "rejected_log_records",
    "rejectedLogRecords",
    elsewhere=True,
)
METRICS = Signal(
    _metrics, ExportMetricsServiceResponse, "rejected_data_points", "rejectedDataPoints"
)


def _answer(signal: Signal, rejected: int, message: str, *, as_json: bool) -> bytes:
    if as_json:
        partial = {signal.rejected_in_json: str(rejected), "errorMessage": message}
        return orjson.dumps({"partialSuccess": partial} if rejected else {})
    response = signal.response()
    if rejected:
        setattr(response.partial_success, signal.rejected, rejected)
        response.partial_success.error_message = message
    packed: bytes = response.SerializeToString()
    return packed
