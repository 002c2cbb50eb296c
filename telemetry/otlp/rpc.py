"""The OTLP/gRPC receiver: what the endpoint over HTTP does, by the same steps.

A call waits in a thread of this server's pool for its message, and then until its records are
committed. A sender that sends no message holds up nobody: of too many such calls the one ends that
has waited longest. These threads, and gRPC's own, are none of `base.loops`: a call has no next step
that must come, and what it raises is its sender's answer.

RESOURCE_EXHAUSTED means two things, and senders tell them apart by RetryInfo: with it the call may
be made again, without it (a message that is too long, which gRPC itself refuses) it never will do.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

import grpc
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status

from telemetry.errors import Malformed, Overloaded, PortTakenError, TelemetryError, Unavailable
from telemetry.otlp.intake import LOGS, MAX_BYTES, METRICS, TRACES, waited
from telemetry.otlp.packing import packed_as
from telemetry.refused import HOST, HOST_REFUSED, REFUSED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from telemetry.otlp.intake import Intake, Signal

    Handler = grpc.RpcMethodHandler[bytes, bytes]

_COLLECTOR = "/opentelemetry.proto.collector"
_SIGNALS = {
    f"{_COLLECTOR}.trace.v1.TraceService/Export": TRACES,
    f"{_COLLECTOR}.logs.v1.LogsService/Export": LOGS,
    f"{_COLLECTOR}.metrics.v1.MetricsService/Export": METRICS,
}
_OPTIONS = [
    ("grpc.max_receive_message_length", MAX_BYTES),
    # gRPC would unpack a message without a bound; `packing` has one.
    ("grpc.per_message_decompression", 0),
    ("grpc.max_concurrent_streams", 100),
    # Or a second process could listen on a port that is taken.
    ("grpc.so_reuseport", 0),
]
_AT_WORK = 16
# With those that wait for a thread.
_MOST_CALLS = 1_024
# Of so many gRPC itself refuses one, without RetryInfo: for a flood that outruns the refusals.
_MOST_REFUSED = 8 * _MOST_CALLS
_WAITING = 32
_LONGEST_SECONDS = 30.0
_STATUSES = {
    Overloaded: grpc.StatusCode.RESOURCE_EXHAUSTED,
    Unavailable: grpc.StatusCode.UNAVAILABLE,
}


class GrpcServer:
    """``serves_host`` knows the names of this process."""

    def __init__(self, intake: Intake, serves_host: Callable[[str], bool]) -> None:
        self._server = grpc.server(
            ThreadPoolExecutor(_AT_WORK + _WAITING, thread_name_prefix="otlp-grpc"),
            handlers=[_Exports(intake, serves_host)],
            options=_OPTIONS,
            maximum_concurrent_rpcs=_MOST_REFUSED,
        )

    def start(self, address: str, port: int = 0) -> int:
        """Listen on ``port`` of an address, or on one that is free; returns it.

        :raises PortTakenError: it can't.
        """
        try:
            listening: int = self._server.add_insecure_port(f"{address}:{port}")
        except RuntimeError as error:
            self.stop()
            raise PortTakenError(str(error)) from None
        self._server.start()
        return listening

    def stop(self, *, seconds: float = 2.0) -> None:
        """Take in no more, and wait for the calls in progress; may be called twice."""
        self._server.stop(seconds).wait()


class _Waiting:
    """The calls whose message has not come, up to a bound."""

    def __init__(self) -> None:
        self._calls: dict[int, grpc.ServicerContext] = {}
        self._lock = threading.Lock()

    @contextmanager
    def one_more(self, context: grpc.ServicerContext) -> Iterator[None]:
        """Wait within."""
        with self._lock:
            self._calls[id(context)] = context
        try:
            yield
        finally:
            with self._lock:
                self._calls.pop(id(context), None)

    def make_room(self) -> None:
        """End the call that has waited longest, if there are too many."""
        with self._lock:
            if len(self._calls) < _WAITING:
                return
            longest = self._calls.pop(next(iter(self._calls)))
        longest.cancel()


class _Refusal:
    """Refuses a call that is one too many, at once: in a thread that no other call waits in."""

    def __init__(self) -> None:
        # gRPC's name for the threads in which a call is answered.
        self.experimental_thread_pool = ThreadPoolExecutor(1, thread_name_prefix="otlp-grpc-busy")

    def __call__(self, _requests: Iterator[bytes], context: grpc.ServicerContext) -> NoReturn:
        _abort(context, Overloaded(f"{_MOST_CALLS} calls are in progress"))


class _Exports(grpc.GenericRpcHandler):
    def __init__(self, intake: Intake, serves_host: Callable[[str], bool]) -> None:
        self._intake = intake
        self._serves_host = serves_host
        self._waiting = _Waiting()
        self._at_work = threading.BoundedSemaphore(_AT_WORK)
        self._room = threading.BoundedSemaphore(_MOST_CALLS)
        self._refusal = _Refusal()

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Handler | None:
        """Find what handles a call; without it the answer is UNIMPLEMENTED."""
        signal = _SIGNALS.get(handler_call_details.method)
        if signal is None:
            return None
        if not self._room.acquire(blocking=False):
            return grpc.stream_unary_rpc_method_handler(self._refusal)
        self._waiting.make_room()
        # As a stream, of one message: for that of a unary call gRPC itself waits without a bound.
        return grpc.stream_unary_rpc_method_handler(partial(self._call, signal))

    def _call(
        self, signal: Signal, requests: Iterator[bytes], context: grpc.ServicerContext
    ) -> bytes:
        try:
            return self._export(signal, requests, context)
        finally:
            self._room.release()

    def _export(
        self, signal: Signal, requests: Iterator[bytes], context: grpc.ServicerContext
    ) -> bytes:
        host = _host(context)
        if not self._serves_host(host):
            REFUSED.count(HOST, host)
            context.abort(grpc.StatusCode.PERMISSION_DENIED, HOST_REFUSED)
        with self._waiting.one_more(context):
            request = next(requests, None)
        if request is None:
            _abort(context, Malformed("there is no message"))
        try:
            return self._taken_in(signal, request)
        except TelemetryError as error:
            _abort(context, error)

    def _taken_in(self, signal: Signal, request: bytes) -> bytes:
        too_long = Unavailable("the telemetry database takes too long")
        if not self._at_work.acquire(timeout=_LONGEST_SECONDS):
            raise too_long
        try:
            steps = self._intake.steps(signal, request, coding=packed_as(request), as_json=False)
            return waited(steps, seconds=_LONGEST_SECONDS)
        except TimeoutError:
            raise too_long from None
        finally:
            self._at_work.release()


def _host(context: Any) -> str:
    """Return the name under which this process was called, which has no public place."""
    host: bytes = context._rpc_event.call_details.host
    return host.decode("latin-1")


def _abort(context: grpc.ServicerContext, error: TelemetryError) -> NoReturn:
    """Answer an error; one that passes has RetryInfo, without which nobody would come back."""
    code = _STATUSES.get(type(error), grpc.StatusCode.INVALID_ARGUMENT)
    if error.retry_after_seconds is not None:
        status = Status(code=code.value[0], message=str(error))
        retry = RetryInfo()
        retry.retry_delay.seconds = error.retry_after_seconds
        status.details.add().Pack(retry)
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(code, str(error))
