"""What happened × who recorded it: what is said from each side, by old conventions and new."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from tests.evidence.calls.run import Run, codes

if TYPE_CHECKING:
    from telemetry.records import Span


@dataclass(frozen=True)
class Written:
    """What a client's span says of a failure."""

    error: str = ""
    message: str = ""
    exception: tuple[str, str] | None = None
    more: dict[str, Any] = field(default_factory=dict)


def old(exception: str, message: str) -> Written:
    """As before `error.type`: an event and a text, and `http.url` names the callee."""
    return Written("", f"{exception}: {message}", (exception, message))


def new(error: str, message: str = "") -> Written:
    return Written(error, message or error)


NO_HOST = "Name or service not known"
REFUSED = {
    "java": new("java.net.ConnectException", "Connection refused"),
    "java, old": old("java.net.ConnectException", "Connection refused"),
    "node": new("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:9"),
    "node, old": old("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:9"),
    "node's fetch": Written("Error", "", ("Error", "connect ECONNREFUSED 127.0.0.1:9")),
    "python's httpx": Written("ConnectError", "", ("httpx.ConnectError", "All attempts failed")),
    "python's requests, old": old(
        "requests.exceptions.ConnectionError", "[Errno 111] Connection refused"
    ),
    "python's aiohttp": new("ClientConnectorError", "Cannot connect to host price:80 [refused]"),
    ".net": new("connection_error", "Connection refused (price:80)"),
    ".net, old": old("System.Net.Http.HttpRequestException", "Connection refused (price:80)"),
    "go": new("*net.OpError", "dial tcp 127.0.0.1:9: connect: connection refused"),
    "go, old": old("*net.OpError", "dial tcp 127.0.0.1:9: connect: connection refused"),
    "grpc": Written(
        "UNAVAILABLE",
        "failed to connect to all addresses; last error: UNKNOWN: ipv4:127.0.0.1:9: Failed to"
        " connect to remote host: Connection refused",
        None,
        {"rpc.grpc.status_code": 14},
    ),
}
NOT_CONNECTED = {
    "java": new("java.net.http.HttpConnectTimeoutException", "HTTP connect timed out"),
    "java, old": old("java.net.SocketTimeoutException", "Connect timed out"),
    "node": new("ETIMEDOUT", "connect ETIMEDOUT 10.0.0.1:80"),
    "node, old": old("ETIMEDOUT", "connect ETIMEDOUT 10.0.0.1:80"),
    "node's fetch": new("UND_ERR_CONNECT_TIMEOUT"),
    "python's httpx": new("ConnectTimeout"),
    "python's requests, old": old("requests.exceptions.ConnectTimeout", "timed out"),
    ".net": new("connection_error", "Connection timed out (price:80)"),
    ".net, old": old("System.Net.Http.HttpRequestException", "No route to host (price:80)"),
    "go": new("*net.OpError", "dial tcp 10.0.0.1:80: i/o timeout"),
    "go, old": old("*net.OpError", "dial tcp 10.0.0.1:80: i/o timeout"),
    "grpc": Written(
        "14", "No connection established. Last error: x", None, {"rpc.grpc.status_code": 14}
    ),
}
NO_NAME = {
    "java": new("java.net.UnknownHostException", "price"),
    "java, old": old("java.net.UnknownHostException", "price"),
    "node": new("ENOTFOUND", "getaddrinfo ENOTFOUND price"),
    "node, old": old("ENOTFOUND", "getaddrinfo ENOTFOUND price"),
    "python's httpx": Written("ConnectError", "", ("httpx.ConnectError", f"[Errno -2] {NO_HOST}")),
    "python's requests, old": old("requests.exceptions.ConnectionError", f"[Errno -2] {NO_HOST}"),
    ".net": new("name_resolution_error", f"{NO_HOST} (price:80)"),
    ".net, old": old("System.Net.Http.HttpRequestException", f"{NO_HOST} (price:80)"),
    "go": new("*net.DNSError", "lookup price: no such host"),
    "go, old": old("*net.OpError", "dial tcp: lookup price: no such host"),
    "grpc": Written(
        "14", "Name resolution failed for target dns:price", None, {"rpc.grpc.status_code": 14}
    ),
}
NOT_SECURE = {
    "java": new("javax.net.ssl.SSLHandshakeException", "PKIX path building failed"),
    "java, old": old("javax.net.ssl.SSLHandshakeException", "PKIX path building failed"),
    "node": new("DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate"),
    "node, old": old("Error", "self-signed certificate"),
    "python's httpx": Written("ConnectError", "", ("httpx.ConnectError", "[SSL] certificate x")),
    "python's requests, old": old("requests.exceptions.SSLError", "certificate verify failed"),
    ".net": new("secure_connection_error", "The SSL connection could not be established"),
    ".net, old": old(
        "System.Security.Authentication.AuthenticationException", "The remote certificate"
    ),
    "go": new("*tls.CertificateVerificationError", "x509: unknown authority"),
    "go, old": old("*url.Error", "tls: failed to verify certificate: x509: unknown authority"),
}
TIMED_OUT = {
    "java": new("java.net.http.HttpTimeoutException", "request timed out"),
    "java, old": old("java.net.SocketTimeoutException", "Read timed out"),
    "node's axios": new("ECONNABORTED", "timeout of 1000ms exceeded"),
    "node's axios, old": old("ECONNABORTED", "timeout of 1000ms exceeded"),
    "node's fetch": new("TimeoutError", "The operation was aborted due to timeout"),
    "node's fetch, by number": new("23"),
    "node's undici": new("UND_ERR_HEADERS_TIMEOUT"),
    "python's requests": new("ReadTimeout"),
    "python's requests, old": old("requests.exceptions.ReadTimeout", "Read timed out."),
    "python's httpx, old": old("httpx.ReadTimeout", ""),
    "python's asyncio": new("TimeoutError"),
    ".net": new(
        "System.Threading.Tasks.TaskCanceledException",
        "The request was canceled due to the configured HttpClient.Timeout of 1 seconds elapsing.",
    ),
    ".net, old": old("System.TimeoutException", "The operation was canceled."),
    "go": new("context.deadlineExceededError", "context deadline exceeded"),
    "go, old": old("*url.Error", "context deadline exceeded (Client.Timeout exceeded)"),
    "grpc": Written("4", "Deadline Exceeded", None, {"rpc.grpc.status_code": 4}),
    "grpc, since 2025": Written(
        "DEADLINE_EXCEEDED", "", None, {"rpc.response.status_code": "DEADLINE_EXCEEDED"}
    ),
}
ABORTED = {
    "java": new("java.util.concurrent.CancellationException"),
    "java, old": old("java.util.concurrent.CancellationException", ""),
    "node's fetch": new("AbortError", "This operation was aborted"),
    "node's fetch, by number": new("20"),
    "node, old": old("ABORT_ERR", "The operation was aborted"),
    "python": new("asyncio.exceptions.CancelledError"),
    "python, old": old("asyncio.exceptions.CancelledError", ""),
    ".net": new("System.Threading.Tasks.TaskCanceledException", "A task was canceled."),
    ".net, old": old("System.OperationCanceledException", "The operation was canceled."),
    "go": new("context.Canceled", "context canceled"),
    "go, old": old("*url.Error", "context canceled"),
    "grpc": Written("1", "Cancelled", None, {"rpc.grpc.status_code": 1}),
}
RESET = {
    "java": new("java.net.SocketException", "Connection reset"),
    "java, old": old("java.io.IOException", "HTTP/1.1 header parser received no bytes"),
    "node": new("ECONNRESET", "socket hang up"),
    "node, old": old("ECONNRESET", "socket hang up"),
    "node's fetch": new("UND_ERR_SOCKET", "other side closed"),
    "python's httpx": new("RemoteProtocolError"),
    "python's requests, old": old(
        "requests.exceptions.ConnectionError",
        "('Connection aborted.', RemoteDisconnected('Remote end closed connection'))",
    ),
    "python's psycopg": old(
        "psycopg.OperationalError",
        "consuming input failed: server closed the connection unexpectedly",
    ),
    ".net": new("response_ended"),
    ".net, old": old("System.Net.Http.HttpIOException", "The response ended prematurely."),
    "go": new("*errors.errorString", "EOF"),
    "go, old": old("*url.Error", "read tcp 127.0.0.1:9: connection reset by peer"),
    "grpc": Written("14", "Stream removed (Socket closed)", None, {"rpc.grpc.status_code": 14}),
}
_HTTP, _OLD_HTTP = "http.response.status_code", "http.status_code"
ANSWERED = {
    "java": Written("500", "", None, {_HTTP: 500}),
    "java, old": Written("", "", None, {_OLD_HTTP: 500}),
    "node": Written("500", "", None, {_HTTP: 500}),
    "node, old": Written("", "", None, {_OLD_HTTP: 500}),
    "node's axios": Written("AxiosError", "failed with 500", None, {_HTTP: 500}),
    "python": Written("404", "", None, {_HTTP: 404}),
    "python, old": Written("", "", None, {_OLD_HTTP: 404}),
    ".net": Written("503", "", None, {_HTTP: 503}),
    ".net, old": Written("", "", None, {_OLD_HTTP: 503}),
    "go": Written("500", "", None, {_HTTP: 500}),
    "go, old": Written("", "500", None, {_OLD_HTTP: 500}),
    "grpc": Written("5", "no such price", None, {"rpc.grpc.status_code": 5}),
    "grpc, since 2025": Written("NOT_FOUND", "", None, {"rpc.response.status_code": "NOT_FOUND"}),
}
UNKNOWN = {
    "own": new("shop.PriceError", "no idea"),
    "unnamed": Written("", "failed"),
    "grpc, which anybody may write": Written("13", "", None, {"rpc.grpc.status_code": 13}),
}
TABLES = [REFUSED, NOT_CONNECTED, NO_NAME, NOT_SECURE, TIMED_OUT, ABORTED, RESET, ANSWERED]


@pytest.mark.parametrize("table", TABLES)
def test_each_ecosystem_is_there_by_old_conventions_and_new(table: dict[str, Written]) -> None:
    there = {(re.split(r"[',]", name)[0], name.endswith("old")) for name in table}
    ecosystems = ("java", "node", "python", ".net", "go")
    assert {(each, is_old) for each in ecosystems for is_old in (False, True)} <= there


def called(how: Written, *, serve: tuple[float, float] | None, end: float = 1_002) -> Run:
    run = Run()
    root = run.span("cart", "GET /cart", 0, end + 8, kind="SERVER")
    address = {"server.address": "price"} if how.error else {"http.url": "http://price:80/p"}
    error = {"error.type": how.error} if how.error else {}
    call = run.span(
        *("cart", "GET", 2, end),
        parent=root,
        kind="CLIENT",
        message=how.message,
        exception=how.exception,
        more={**address, **error, **how.more},
    )
    if serve is not None:
        run.span("price", "GET /price", *serve, parent=call, kind="SERVER")
    return run


def each(table: dict[str, Written]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("how", table.values(), ids=table)


@each(REFUSED)
def test_refused(how: Written) -> None:
    assert_unreached(how, "unreached.connect_refused")


def assert_unreached(how: Written, code: str) -> None:
    run = called(how, serve=None, end=4)
    for side in ("all", "cart"):
        found = codes(run, side)
        assert {"calls.unreached_headline", code} <= found
        assert not {"calls.arrival_unknown", "calls.arrival_unknown_to_side"} & found
    assert "nothing.side_headline" in codes(run, "price")


@each(NOT_CONNECTED)
def test_no_connection_came_about(how: Written) -> None:
    assert_unreached(how, "unreached.connect_timeout")


@each(NO_NAME)
def test_the_name_was_not_found(how: Written) -> None:
    assert_unreached(how, "unreached.dns")


@each(NOT_SECURE)
def test_no_secure_connection_came_about(how: Written) -> None:
    assert_unreached(how, "unreached.tls")


@each(TIMED_OUT)
def test_given_up_while_the_callee_worked(how: Written) -> None:
    run = called(how, serve=(5, 2_510))
    assert {"calls.gave_up", "calls.arrived", "calls.too_late"} <= codes(run)
    assert "calls.could_not_know" in codes(run)
    assert {"calls.gave_up", "calls.no_proof", "calls.arrival_unknown_to_side"} <= codes(
        run, "cart"
    )
    assert "calls.caller_hidden" in codes(run, "price")


@each(TIMED_OUT)
def test_given_up_though_the_callee_had_ended(how: Written) -> None:
    run = called(how, serve=(5, 40))
    assert {"calls.answer_lost_headline", "calls.arrived", "calls.ready_before"} <= codes(run)
    assert {"calls.gave_up", "calls.arrival_unknown_to_side"} <= codes(run, "cart")


@each(TIMED_OUT)
def test_given_up_before_it_arrived(how: Written) -> None:
    run = called(how, serve=(1_500, 1_540))
    assert {"calls.late_arrival_headline", "calls.came_after"} <= codes(run)


@each(TIMED_OUT)
def test_given_up_with_nothing_on_the_other_side(how: Written) -> None:
    found = codes(called(how, serve=None))
    assert {"calls.no_answer_headline", "calls.gave_up", "calls.arrival_unknown"} <= found
    assert not {"calls.arrived", "calls.unreached_headline"} & found


@each(ABORTED)
def test_ended_by_the_caller(how: Written) -> None:
    run = called(how, serve=(5, 2_510))
    assert {"calls.ended_itself", "calls.too_late"} <= codes(run)
    assert "calls.gave_up" not in codes(run)
    assert {"calls.ended_itself", "calls.arrival_unknown_to_side"} <= codes(run, "cart")


@each(RESET)
def test_broken_off(how: Written) -> None:
    assert {"calls.broken_headline", "calls.arrival_unknown"} <= codes(called(how, serve=None))
    arrived = codes(called(how, serve=(5, 2_510)))
    assert {"calls.broken_headline", "calls.arrived", "calls.went_on_after_failure"} <= arrived
    if how.more:
        return
    began = Written(how.error, how.message, how.exception, {"http.response.status_code": 200})
    assert "calls.answer_began" in codes(called(began, serve=None))


@each(ANSWERED)
def test_answered_with_an_error(how: Written) -> None:
    run = called(how, serve=None, end=9)
    assert {"calls.answered_headline", "calls.answered", "calls.before_unknown"} <= codes(run)
    arrived = codes(called(how, serve=(4, 8), end=9))
    assert "calls.arrived_and_answered" in arrived
    assert "calls.before_unknown" not in arrived


@each(UNKNOWN)
def test_what_nobody_can_class_stays_open(how: Written) -> None:
    run = called(how, serve=None, end=9)
    assert {"calls.failed_headline", "calls.arrival_unknown"} <= codes(run)
    assert "calls.arrived" in codes(called(how, serve=(4, 8), end=9))


def test_a_retry_that_is_counted_by_its_attribute() -> None:
    run = Run()
    root = run.span("cart", "GET /cart", 0, 100, kind="SERVER")
    last: Span | None = None
    for number in range(3):
        more = {"server.address": "price", "http.request.resend_count": number}
        failed = {"error.type": "ECONNREFUSED"} if number < 2 else {}
        start = 10 + 20 * number
        last = run.span(
            *("cart", "GET", start, start + 10),
            parent=root,
            kind="CLIENT",
            more={**more, **failed},
        )
    run.span("price", "GET /price", 52, 58, parent=last, kind="SERVER")
    found = run.evidence()
    retried = next(one for one in found["diagnosis"]["sentences"] if one["code"] == "calls.retried")
    assert retried["params"]["times"] == 3
    assert found["lanes"] == ["cart", "price"]


def test_calls_of_different_addresses_are_no_attempts_of_one() -> None:
    run = Run()
    root = run.span("cart", "GET /cart", 0, 100, kind="SERVER")
    for number, path in enumerate(("a", "b")):
        more = {"url.full": f"http://price/{path}", "error.type": "ECONNREFUSED"}
        start = 10 + 20 * number
        run.span("cart", "GET", start, start + 10, parent=root, kind="CLIENT", more=more)
    assert not {"calls.retried", "calls.retried_in_vain"} & codes(run)
