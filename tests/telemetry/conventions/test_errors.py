"""What instrumentations write of a failure, onto the one vocabulary of error kinds."""

from __future__ import annotations

from typing import Any

import pytest

from boundary.error_kind import ErrorKind
from telemetry.conventions.error_names import EXACT, KINDS, VAGUE
from telemetry.conventions.errors import failure_of, was_answered
from telemetry.records import Span, SpanEvent, SpanKind

GRPC = "rpc.grpc.status_code"


def client(
    error: str = "",
    message: str = "",
    *,
    exception: tuple[str, str] | None = None,
    kind: SpanKind = "CLIENT",
    **attributes: Any,
) -> Span:
    named = {key.replace("__", "."): value for key, value in attributes.items()}
    events = []
    if exception is not None:
        written = {"exception.type": exception[0], "exception.message": exception[1]}
        events = [SpanEvent("exception", 1, written)]
    return Span(
        *("a" * 32, "b" * 16, "GET", 1, 2),
        kind=kind,
        status_code="ERROR" if error or message or exception else "UNSET",
        status_message=message,
        attributes={**({"error.type": error} if error else {}), **named},
        events=events,
    )


def kind_of(span: Span) -> str:
    failure = failure_of(span)
    assert failure is not None
    return failure.kind


REFUSED, CONNECT, READ = ErrorKind.CONNECT_REFUSED, ErrorKind.CONNECT_TIMEOUT, "read_timeout"
WRITTEN = [
    # Node: error.type is the code, or the name of a DOMException's
    (client("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:9"), REFUSED),
    (client("ENOTFOUND"), "dns"),
    (client("ETIMEDOUT", "connect ETIMEDOUT 10.0.0.1:80"), CONNECT),
    (client("ETIMEDOUT", "read ETIMEDOUT"), READ),
    (client("ECONNRESET", "socket hang up"), "reset"),
    (client("ECONNABORTED", "timeout of 1000ms exceeded"), READ),
    (client("ECONNABORTED", "Request aborted"), "aborted"),
    (client("20", "This operation was aborted"), "aborted"),
    (client("23", "The operation was aborted due to timeout"), READ),
    (client("AbortError"), "aborted"),
    (
        client("TypeError", "fetch failed", exception=("Error", "connect ECONNREFUSED ::1:9")),
        REFUSED,
    ),
    # Java: the exception's class
    (client("java.net.ConnectException", "Connection refused"), REFUSED),
    (client("java.net.ConnectException"), REFUSED),
    (client("java.net.ConnectException", "Connection timed out"), CONNECT),
    (client("java.net.http.HttpTimeoutException", "request timed out"), READ),
    (client("java.net.SocketTimeoutException", "Read timed out"), READ),
    (client("java.net.SocketTimeoutException", "Connect timed out"), CONNECT),
    (client("java.net.UnknownHostException", "price"), "dns"),
    (client("java.net.SocketException", "Connection reset"), "reset"),
    (
        client("java.io.IOException", "HTTP/1.1 header parser received no bytes; EOF reached"),
        "reset",
    ),
    # Python: old conventions have an event and a text alone
    (client(message="ConnectError: [Errno 111]"), REFUSED),
    (client(exception=("httpx.ConnectError", "[Errno 111] Connection refused")), REFUSED),
    (client(exception=("httpx.ConnectError", "[Errno -2] Name or service not known")), "dns"),
    (client("ReadTimeout"), READ),
    (client("requests.exceptions.ReadTimeout"), READ),
    (
        client(exception=("requests.exceptions.ConnectionError", "RemoteDisconnected('Remote end")),
        "reset",
    ),
    (client("aiohttp.client_exceptions.ServerDisconnectedError"), "reset"),
    (client("asyncio.exceptions.CancelledError"), "aborted"),
    # .NET
    (client("connection_error", "Connection refused (price:80)"), REFUSED),
    (client("name_resolution_error"), "dns"),
    (client("secure_connection_error"), "tls"),
    (client("response_ended"), "reset"),
    (
        client(
            "System.Threading.Tasks.TaskCanceledException",
            "The request was canceled due to the configured HttpClient.Timeout of 1 seconds",
        ),
        READ,
    ),
    (client("System.Threading.Tasks.TaskCanceledException", "A task was canceled."), "aborted"),
    # Go
    (
        client("*url.Error", 'Get "http://p": dial tcp 127.0.0.1:9: connect: connection refused'),
        REFUSED,
    ),
    (client("*net.OpError", "dial tcp 10.0.0.1:80: i/o timeout"), CONNECT),
    (client("*url.Error", 'Get "http://p": context deadline exceeded'), READ),
    (client("*url.Error", 'Get "http://p": context canceled'), "aborted"),
    (client("*url.Error", 'Get "http://p": EOF'), "reset"),
    (client("*net.DNSError", "lookup p: no such host"), "dns"),
    # answers, of old conventions and new
    (client("500", http__response__status_code=500), "http_5xx"),
    (client(http__status_code=404), "http_4xx"),
    (client("422"), "http_4xx"),
    (client(http__status_code="503"), "http_5xx"),
    (client(http__status_code=503.0), "http_5xx"),
    (client(kind="SERVER", http__status_code=500, exception=("ValueError", "timeout")), "http_5xx"),
    # an answer that broke off
    (client("ECONNRESET", http__response__status_code=200), "reset"),
    # gRPC, by number and by name
    (client(rpc__grpc__status_code=4), READ),
    (client(rpc__response__status_code="DEADLINE_EXCEEDED"), READ),
    (client(rpc__grpc__status_code=1), "aborted"),
    (client(rpc__grpc__status_code=5), "http_4xx"),
    (
        client(
            message="failed to connect to all addresses; last error: UNKNOWN: ipv4:127.0.0.1:9: "
            "Failed to connect to remote host: Connection refused",
            rpc__grpc__status_code=14,
        ),
        REFUSED,
    ),
    (
        client(
            message="failed to connect to all addresses; last error: UNAVAILABLE: ipv4:127.0.0.1:9:"
            " recvmsg:Connection reset by peer (104)",
            rpc__grpc__status_code=14,
        ),
        CONNECT,
    ),
    (
        client(
            message="No connection established. Last error: Error: connect ECONNREFUSED ::1:9",
            rpc__grpc__status_code=14,
        ),
        REFUSED,
    ),
    (
        client(
            message="Deadline exceeded after 0.6s,Waiting for LB pick", rpc__grpc__status_code=4
        ),
        CONNECT,
    ),
    (
        client(
            message='connection error: desc = "transport: Error while dialing: dial tcp [::1]:9:'
            ' connect: connection refused"',
            rpc__grpc__status_code=14,
        ),
        REFUSED,
    ),
    # what a callee got from somebody else, and has handed on
    (
        client(
            message='connection error: desc = "transport: Error while dialing: dial tcp [::1]:9:'
            ' connect: connection refused"',
            rpc__grpc__status_code=14,
            server__port=50051,
        ),
        "UNAVAILABLE",
    ),
    (client(message="Stream removed (Socket closed)", rpc__grpc__status_code=14), "reset"),
    (client(message="error reading from server: EOF", rpc__grpc__status_code=14), "reset"),
    # a word of the address, which is none of the failure's
    (client(exception=("ConnectionError", "url: /p?timeout=9 (Connection aborted)")), "reset"),
    # a text of the callee's own, which tells of a failure further on
    (client(message="the database: connection refused", rpc__grpc__status_code=14), "UNAVAILABLE"),
    (client("UNAVAILABLE", rpc__grpc__status_code=14), "UNAVAILABLE"),
    # the lab's own
    (client("simulated_partition", kind="INTERNAL"), "simulated_partition"),
    # what is not known stays itself
    (client("shop.SoldOutError", "no book left"), "shop.SoldOutError"),
    (client("_OTHER"), "_OTHER"),
    (client(message="no book left"), "error"),
]


@pytest.mark.parametrize(
    ("span", "kind"), WRITTEN, ids=[f"{n}-{kind}" for n, (_, kind) in enumerate(WRITTEN)]
)
def test_a_failure_is_classed_by_what_was_written(span: Span, kind: str) -> None:
    assert kind_of(span) == kind


def test_what_was_written_is_kept_beside_its_kind() -> None:
    failure = failure_of(client(exception=("httpx.ConnectError", "[Errno 111] Connection refused")))
    assert failure is not None
    assert (failure.written, failure.text) == (
        "httpx.ConnectError",
        "[Errno 111] Connection refused",
    )


@pytest.mark.parametrize(
    "span",
    [
        client(http__response__status_code=302),
        client(rpc__grpc__status_code=0),
        client(rpc__response__status_code="OK"),
        client(kind="SERVER", http__response__status_code=404),
        Span(
            "a" * 32, "b" * 16, "GET", 1, 2, status_code="OK", attributes={"http.status_code": 500}
        ),
    ],
)
def test_what_went_well_has_no_failure(span: Span) -> None:
    assert failure_of(span) is None


@pytest.mark.parametrize(
    ("span", "answered"),
    [
        (client("500", http__status_code=500), True),
        (client(rpc__grpc__status_code=5), True),
        # gRPC's libraries make these themselves as well
        (client(rpc__grpc__status_code=13), False),
        (client(rpc__grpc__status_code=14), False),
        (client("ECONNREFUSED"), False),
    ],
)
def test_a_code_shows_an_answer_only_where_nothing_but_one_brings_it(
    span: Span, answered: bool
) -> None:
    assert was_answered(span) is answered


def test_every_name_leads_into_the_vocabulary() -> None:
    assert {*EXACT.values(), *VAGUE.values()} <= KINDS
    assert {kind.value for kind in ErrorKind} == KINDS


def test_no_name_has_two_meanings() -> None:
    assert not EXACT.keys() & VAGUE.keys()


@pytest.mark.parametrize("length", [4_000, 200_000])
def test_a_long_text_is_read_in_part(length: int) -> None:
    assert kind_of(client(message="x " * length + "connection refused")) == "error"
