"""On PostgreSQL too, a record that it would not store costs nobody else, and itself no more."""

from __future__ import annotations

import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.servers import Servers, programs
from tests.support.service_process import ServiceProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(180),
    pytest.mark.skipif(None in programs().values(), reason="needs PostgreSQL's server"),
]

DIGITS = "".join(secrets.choice("0123456789abcdef") for _ in range(200))
# What does not compress, and is longer than a page of an index.
LONG = secrets.token_hex(20_000)


@pytest.fixture(scope="module")
def observer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceProcess]:
    with Servers() as servers:
        url = servers.environ["TELEMETRY_DATABASE_URL"]
        directory = tmp_path_factory.mktemp("observer")
        with ServiceProcess("observer", directory, TELEMETRY_DATABASE_URL=url) as started:
            yield started


def string(key: str, value: str) -> dict[str, Any]:
    return {"key": key, "value": {"stringValue": value}}


def span(**fields: Any) -> dict[str, Any]:
    now = time.time_ns()
    return {
        "traceId": secrets.token_hex(16),
        "spanId": secrets.token_hex(8),
        "name": "odd",
        "startTimeUnixNano": str(now),
        "endTimeUnixNano": str(now + 1_000_000),
        **fields,
    }


def log(**fields: Any) -> dict[str, Any]:
    body = {"stringValue": "odd"}
    return {"timeUnixNano": str(time.time_ns()), "body": body, **fields}


def spans(*sent: dict[str, Any], service: str = "odd") -> dict[str, Any]:
    resource = {"attributes": [string("service.name", service)]}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": list(sent)}]}]}


def logs(*sent: dict[str, Any], service: str = "odd") -> dict[str, Any]:
    resource = {"attributes": [string("service.name", service)]}
    return {"resourceLogs": [{"resource": resource, "scopeLogs": [{"logRecords": list(sent)}]}]}


ODD = {
    "a trace id of 200 digits": lambda: spans(span(traceId=DIGITS)),
    "a span id of 200 digits": lambda: spans(span(spanId=DIGITS)),
    "a parent of 200 digits": lambda: spans(span(parentSpanId=DIGITS)),
    "a link of 200 digits": lambda: spans(span(links=[{"traceId": DIGITS, "spanId": DIGITS}])),
    "a log's ids of 200 digits": lambda: logs(log(traceId=DIGITS, spanId=DIGITS)),
    "a severity of 2^31-1": lambda: logs(log(severityNumber=2**31 - 1)),
    "a severity of -2^31": lambda: logs(log(severityNumber=-(2**31))),
    "a severity's text of 200 letters": lambda: logs(log(severityText=DIGITS)),
    "an end over int64": lambda: spans(span(endTimeUnixNano=str(2**64 - 1))),
    "a start over int64": lambda: spans(span(startTimeUnixNano=str(2**63))),
    "an event over int64": lambda: spans(span(events=[{"timeUnixNano": str(2**64 - 1)}])),
    "a log over int64": lambda: logs(log(timeUnixNano=str(2**64 - 1))),
    "a log observed over int64": lambda: logs(log(observedTimeUnixNano=str(2**64 - 1))),
    "a NUL in each text": lambda: spans(
        span(name="a\0b", attributes=[string("request.id", "\0"), string("order.id", "\0")]),
        service="\0",
    ),
    "a NUL in a log": lambda: logs(
        log(severityText="\0", attributes=[string("requestId", "\0"), string("errorKind", "\0")]),
        service="a\0",
    ),
    "a long request id": lambda: spans(span(attributes=[string("request.id", LONG)])),
    "a long order id": lambda: spans(span(attributes=[string("order.id", LONG)])),
    "a long kind of error": lambda: spans(
        span(status={"code": 2}, attributes=[string("error.type", LONG)])
    ),
    "a long name": lambda: spans(span(name=LONG)),
    "a long service": lambda: spans(span(), service=LONG),
    "a long service of a log": lambda: logs(log(), service=LONG),
    "a long request id of a log": lambda: logs(log(attributes=[string("requestId", LONG)])),
    "counts over int32": lambda: spans(span(droppedAttributesCount=2**32 - 1, flags=2**32 - 1)),
}


def post(observer: ServiceProcess, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    path = "/v1/logs" if "resourceLogs" in body else "/v1/traces"
    answer = observer.call("POST", path, json=body)
    return answer.status_code, answer.json()


@pytest.mark.parametrize("name", ODD)
def test_an_odd_record_is_kept_or_refused_alone(observer: ServiceProcess, name: str) -> None:
    others = [span() for _ in range(24)]
    with ThreadPoolExecutor(12) as senders:
        beside = [senders.submit(post, observer, spans(each)) for each in others]
        odd = [senders.submit(post, observer, ODD[name]()) for _ in range(4)]
    assert {each.result()[0] for each in odd} == {200}
    assert [each.result() for each in beside] == [(200, {})] * len(others)
    for each in others:
        assert observer.call("GET", f"/api/traces/{each['traceId']}").ok
    assert observer.call("GET", "/api/logs").ok
    assert observer.call("GET", "/api/traces").ok
    assert observer.call("GET", "/readyz").ok


def test_what_is_too_long_for_an_index_is_kept_whole_and_found(observer: ServiceProcess) -> None:
    sent = span(attributes=[string("request.id", LONG)])
    assert post(observer, spans(sent, service=LONG)) == (200, {})
    trace = f"/api/traces/{sent['traceId']}"
    [kept] = observer.call("GET", f"{trace}?format=otlp").json()["resourceSpans"]
    assert kept["resource"]["attributes"] == [string("service.name", LONG)]
    assert string("request.id", LONG) in kept["scopeSpans"][0]["spans"][0]["attributes"]
    for parameter in ("requestId", "service"):
        query = {parameter: LONG[:2_000]}
        [found] = observer.call("GET", "/api/traces", params=query).json()["traces"][:1]
        assert found["traceId"] == sent["traceId"]
