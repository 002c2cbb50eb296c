"""OTLP/gRPC takes what OTLP/HTTP takes, within the same bounds, and is answered by gRPC's words."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceRequest,
    ExportLogsServiceResponse,
)
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
    ExportMetricsServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from base.process.listening import LOOPBACK
from telemetry.errors import Overloaded, PortTakenError, Unavailable
from telemetry.otlp import rpc
from telemetry.otlp.intake import Intake
from telemetry.otlp.packing import MAX_UNPACKED_BYTES
from telemetry.otlp.rpc import GrpcServer
from telemetry.refused import HOST, REFUSED
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from telemetry.store.entries import Entries

TRACES = "trace.v1.TraceService"
LOGS = "logs.v1.LogsService"
METRICS = "metrics.v1.MetricsService"
MEBIBYTE = 1 << 20


class Store:
    """Stands for the writer."""

    def __init__(self) -> None:
        self.spans: list[str] = []
        self.logs: list[str] = []
        self.error: Exception | None = None
        self.may_commit = threading.Event()
        self.may_commit.set()
        self.came = threading.Event()
        self.waiting = 0

    def submit(self, made: Entries) -> Future[list[str]]:
        done: Future[list[str]] = Future()
        self.came.set()
        self.waiting += 1
        assert self.may_commit.wait(10)
        if self.error is not None:
            done.set_exception(self.error)
            return done
        self.spans += [name for _, _, _, name, _, _ in made.spans]
        self.logs += [row[6] for _, _, row, *_ in made.logs]
        done.set_result([])
        return done


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def server(store: Store) -> Iterator[GrpcServer]:
    made = GrpcServer(
        Intake(store.submit), lambda host: host.rpartition(":")[0] in {"127.0.0.1", "[::1]"}
    )
    yield made
    store.may_commit.set()
    made.stop()


@pytest.fixture
def port(server: GrpcServer) -> int:
    return server.start(LOOPBACK[0])


def export(port: int, service: str, body: bytes, *, host: str = "127.0.0.1", **more: Any) -> bytes:
    options = [("grpc.max_send_message_length", -1), *more.pop("options", [])]
    with grpc.insecure_channel(f"{host}:{port}", options=options) as channel:
        call: Callable[..., bytes] = channel.unary_unary(
            f"/opentelemetry.proto.collector.{service}/Export"
        )
        return call(body, timeout=10, **more)


def refusal(port: int, body: bytes, service: str = TRACES, **more: Any) -> grpc.RpcError:
    with pytest.raises(grpc.RpcError) as caught:
        export(port, service, body, **more)
    return caught.value


def traces(*, name: str = "a span", broken: bool = False) -> bytes:
    request = ExportTraceServiceRequest()
    spans = request.resource_spans.add().scope_spans.add().spans
    spans.add(trace_id=b"t" * 16, span_id=b"s" * 8, name=name)
    if broken:
        spans.add(trace_id=b"short", span_id=b"s" * 8, name="broken")
    body: bytes = request.SerializeToString()
    return body


@pytest.mark.parametrize(
    "compression", [grpc.Compression.NoCompression, grpc.Compression.Gzip, grpc.Compression.Deflate]
)
def test_traces_are_stored_however_they_are_packed(
    port: int, store: Store, compression: grpc.Compression
) -> None:
    body = traces(name="x" * 10_000)
    answer = export(port, TRACES, body, compression=compression)
    assert answer == b""
    assert store.spans == ["x" * 10_000]


def test_logs_are_stored(port: int, store: Store) -> None:
    request = ExportLogsServiceRequest()
    record = request.resource_logs.add().scope_logs.add().log_records.add(time_unix_nano=5)
    record.body.string_value = "hello"
    answer = export(port, LOGS, request.SerializeToString())
    assert not ExportLogsServiceResponse.FromString(answer).HasField("partial_success")
    assert store.logs == ["hello"]


def test_metrics_are_answered_and_counted(port: int) -> None:
    request = ExportMetricsServiceRequest()
    metric = request.resource_metrics.add().scope_metrics.add().metrics.add(name="m")
    metric.gauge.data_points.add()
    before = REFUSED.metric_points
    for _ in range(2):
        answer = export(port, METRICS, request.SerializeToString())
    assert not ExportMetricsServiceResponse.FromString(answer).HasField("partial_success")
    assert REFUSED.metric_points == before + 2


def test_what_is_wrong_is_counted_and_the_rest_is_kept(port: int, store: Store) -> None:
    answer = ExportTraceServiceResponse.FromString(export(port, TRACES, traces(broken=True)))
    assert answer.partial_success.rejected_spans == 1
    assert "broken" in answer.partial_success.error_message
    assert store.spans == ["a span"]


def test_a_message_may_be_larger_than_grpc_allows_by_itself(port: int, store: Store) -> None:
    export(port, TRACES, traces(name="x" * (10 * MEBIBYTE)))
    assert len(store.spans[0]) == 10 * MEBIBYTE


def test_a_message_over_the_bound_is_refused_for_good(port: int) -> None:
    error = refusal(port, traces(name="x" * (17 * MEBIBYTE)))
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert retry_seconds(error) is None


def test_a_message_that_unpacks_to_more_than_the_bound_is_refused(port: int, store: Store) -> None:
    body = bytes(MAX_UNPACKED_BYTES + 1)
    error = refusal(port, body, compression=grpc.Compression.Gzip)
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "when unpacked" in str(error.details())
    assert retry_seconds(error) is None


def test_what_is_no_otlp_is_refused(port: int) -> None:
    error = refusal(port, b"\xff\xff")
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "not OTLP protobuf" in str(error.details())


@pytest.mark.parametrize(
    ("why", "code", "seconds"),
    [
        (Overloaded("much waits"), grpc.StatusCode.RESOURCE_EXHAUSTED, 1),
        (Unavailable("the database is locked"), grpc.StatusCode.UNAVAILABLE, 2),
    ],
)
def test_a_sender_is_told_when_to_come_back(
    port: int, store: Store, why: Exception, code: grpc.StatusCode, seconds: int
) -> None:
    store.error = why
    error = refusal(port, traces())
    assert (error.code(), error.details()) == (code, str(why))
    assert retry_seconds(error) == seconds


def test_a_host_name_that_is_not_served_is_refused_with_the_setting_that_lets_it_in(
    port: int, store: Store
) -> None:
    name = "host.docker.internal:4317"
    error = refusal(port, traces(), options=[("grpc.default_authority", name)])
    assert error.code() is grpc.StatusCode.PERMISSION_DENIED
    assert "LAB_ALLOWED_HOSTS" in str(error.details())
    assert (HOST, name) in REFUSED.recent()
    assert store.spans == []


def test_senders_that_send_no_message_hold_up_nobody(port: int, store: Store) -> None:
    over = threading.Event()

    def nothing() -> Iterator[bytes]:
        over.wait(30)
        yield b""

    with ExitStack() as channels:
        for _ in range(60):
            channel = channels.enter_context(
                grpc.insecure_channel(
                    f"127.0.0.1:{port}", options=[("grpc.use_local_subchannel_pool", 1)]
                )
            )
            call: grpc.StreamUnaryMultiCallable[bytes, bytes] = channel.stream_unary(
                f"/opentelemetry.proto.collector.{TRACES}/Export"
            )
            channels.callback(call.future(nothing()).cancel)
            # Others between them, so that they are not all too new.
            assert export(port, TRACES, traces()) == b""
        over.set()
    assert len(store.spans) == 60


def test_of_too_many_calls_one_is_refused_at_once_and_the_others_are_served(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rpc, "_MOST_CALLS", 4)
    server = GrpcServer(Intake(store.submit), lambda _: True)
    port = server.start(LOOPBACK[0])
    store.may_commit.clear()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        call: Callable[..., Any] = channel.unary_unary(
            f"/opentelemetry.proto.collector.{TRACES}/Export"
        ).future
        pending = [call(traces(), timeout=10) for _ in range(4)]
        eventually(lambda: store.waiting == len(pending))
        error = refusal(port, traces())
        assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        # Without it the sender would take the refusal as one for good.
        assert retry_seconds(error) == 1
        store.may_commit.set()
        assert [each.result() for each in pending] == [b""] * 4
        assert export(port, TRACES, traces()) == b""
    server.stop()


def test_a_call_without_a_message_is_refused(port: int) -> None:
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        call: grpc.StreamUnaryMultiCallable[bytes, bytes] = channel.stream_unary(
            f"/opentelemetry.proto.collector.{TRACES}/Export"
        )
        with pytest.raises(grpc.RpcError) as caught:
            call(iter(()), timeout=10)
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT


def test_another_service_is_not_implemented(port: int) -> None:
    error = refusal(port, b"", "profiles.v1development.ProfilesService")
    assert error.code() is grpc.StatusCode.UNIMPLEMENTED


def test_a_port_that_is_taken_is_not_shared(port: int) -> None:
    second = GrpcServer(Intake(Store().submit), lambda _: True)
    with pytest.raises(PortTakenError):
        second.start(LOOPBACK[0], port)
    second.stop()


def test_a_call_in_progress_is_answered_before_the_server_stops(
    server: GrpcServer, port: int, store: Store
) -> None:
    store.may_commit.clear()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        call: Callable[..., Any] = channel.unary_unary(
            f"/opentelemetry.proto.collector.{TRACES}/Export"
        ).future
        pending = call(traces(), timeout=10)
        assert store.came.wait(10)
        stopping = threading.Thread(target=server.stop)
        stopping.start()
        store.may_commit.set()
        assert pending.result() == b""
        stopping.join(10)
        assert not stopping.is_alive()
    assert len(store.spans) == 1


def retry_seconds(error: Any) -> int | None:
    """When the sender may come back, as its SDK reads it."""
    details = dict(error.trailing_metadata()).get("grpc-status-details-bin")
    if details is None:
        return None
    info = RetryInfo()
    status = Status.FromString(details)
    assert status.details[0].Unpack(info)
    assert status.code == error.code().value[0]
    seconds: int = info.retry_delay.seconds
    return seconds
