"""Calls of each entrance: well-formed ones, and what is left of them after some changes."""

from __future__ import annotations

import gzip
import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.contrib.admindocs.views import extract_views_from_urlpatterns, simplify_regex
from django.urls import get_resolver
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from faults import kinds
from network.toxics.toxic import REGISTRY
from tests.fuzz.wire import Call

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.fuzz.chance import Chance

METHODS = {"GET": 8, "POST": 6, "PATCH": 2, "DELETE": 2, "PUT": 0.5, "HEAD": 0.5, "OPTIONS": 0.5}
METHODS |= {"TRACE": 0.2, "BREW": 0.2}
PARAMETERS = (
    *("limit", "cursor", "since", "until", "requestId", "orderId", "traceId", "service", "sort"),
    *(
        "errorKind",
        "status",
        "level",
        "format",
        "q",
        "text",
        "after",
        "fields",
        "hidden",
        "unknown",
    ),
    *("perspective", "ids", "seed", "a", "b", "minMs", "maxMs", "unknown"),
)
HEADERS = (
    *("X-Request-Id", "Idempotency-Key", "traceparent", "tracestate", "baggage", "Cookie", "Host"),
    *("Accept-Language", "Origin", "Accept", "Content-Encoding", "Transfer-Encoding", "Range"),
    *("Sec-Fetch-Site", "Content-Type", "X-Lab-Secret", "User-Agent", "Expect"),
)
JSON = ("Content-Type", "application/json")
STOCK = {"sku": "apple", "quantity": 1}
FAULT = {"target": "worker", "kind": "slow", "ms": 10, "ttlSeconds": 1, "level": "switch"}
PROXY = {"name": "made", "listen": "127.0.0.1:0", "upstream": "127.0.0.1:1", "enabled": True}


def routes(urlconf: str) -> list[str]:
    """List the paths of one process's routes, with ``<name>`` where a value goes."""
    found: list[Any] = extract_views_from_urlpatterns(get_resolver(urlconf).url_patterns)
    return [simplify_regex(regex) for _, regex, *_ in found]


def target(chance: Chance, path: str) -> str:
    """Fill in a path's values, and add a query now and then."""
    parts = []
    for part in path.split("/"):
        filled = "<" in part or chance.often(0.02)
        parts.append(quote(chance.text().encode("utf-8", "surrogatepass")) if filled else part)
    query = "&".join(
        f"{chance.choice(PARAMETERS)}={quote(chance.text().encode('utf-8', 'surrogatepass'))}"
        for _ in range(chance.randrange(4))
    )
    raw = "/".join(parts)
    if chance.often(0.03):
        raw += chance.choice(["/", "//", "%ff", "%00", ";", "/../", "%2e%2e/", "?" * 50])
    return f"{raw}?{query}" if query else raw


def headers(chance: Chance, usual: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return ``usual`` headers with some changed, and some that nobody needs."""
    named = dict(usual)
    for name in HEADERS:
        if chance.often(0.02):
            named[name] = chance.text()
    return [(name, value) for name, value in named.items() if not {"\r", "\n"} & {*value}]


def http_call(
    chance: Chance, paths: list[str], bodies: Mapping[str, Any], usual: Mapping[str, str]
) -> Call:
    """Call one of ``paths``; ``bodies`` has what a path's beginning expects."""
    path = chance.choice(paths)
    method = chance.pick(METHODS)
    body = b""
    if method not in ("GET", "HEAD") or chance.often(0.02):
        wanted: Any = next((value for begin, value in bodies.items() if path.startswith(begin)), {})
        body = _encoded(chance, chance.changed(wanted, share=0.1))
    sent = headers(chance, {**usual, JSON[0]: JSON[1]})
    return Call(method, target(chance, path), sent, body)


def otlp_call(chance: Chance, paths: list[str]) -> Call:
    """Export spans or log records, in either encoding, whole or not."""
    logs = chance.often(0.4)
    batch = chance.changed(log_batch(chance) if logs else span_batch(chance), share=0.03)
    body, kind = _encoded(chance, batch), "application/json"
    if chance.often(0.5):
        kind = "application/x-protobuf"
        message = ExportLogsServiceRequest() if logs else ExportTraceServiceRequest()
        body = _as_protobuf(chance, message)
    if chance.often(0.3):
        body = chance.cut(body)
    sent = {"Content-Type": kind}
    if chance.often(0.3):
        body = b"".join(gzip.compress(body) for _ in range(chance.randrange(1, 3)))
        sent["Content-Encoding"] = "gzip"
        if chance.often(0.2):
            body = chance.cut(body)
    path = "/v1/logs" if logs else "/v1/traces"
    path = chance.choice(paths) if chance.often(0.05) else path
    method = "POST" if chance.often(0.97) else chance.pick(METHODS)
    return Call(method, path, headers(chance, sent), body)


def import_call(chance: Chance) -> Call:
    """Import a file of OTLP's or of Jaeger's JSON."""
    jaeger = {
        "data": [
            {
                "traceID": f"{chance.getrandbits(128):032x}",
                "spans": [
                    {
                        "traceID": f"{chance.getrandbits(128):032x}",
                        "spanID": f"{chance.getrandbits(64):016x}",
                        "operationName": chance.text(),
                        "references": [{"refType": "CHILD_OF", "spanID": chance.text()}],
                        "startTime": time.time_ns() // 1_000,
                        "duration": 5,
                        "tags": [{"key": "k", "type": "string", "value": chance.value()}],
                        "logs": [{"timestamp": 1, "fields": []}],
                        "processID": "p1",
                    }
                ],
                "processes": {"p1": {"serviceName": "fuzz", "tags": []}},
            }
        ]
    }
    file = chance.choice([jaeger, span_batch(chance), log_batch(chance)])
    body = _encoded(chance, chance.changed(file, share=0.03))
    return Call("POST", "/api/import", headers(chance, {JSON[0]: JSON[1]}), body)


def span_batch(chance: Chance) -> dict[str, Any]:
    """Return spans as OTLP's JSON has them."""
    now = time.time_ns()
    spans = [
        {
            "traceId": f"{chance.getrandbits(128):032x}",
            "spanId": f"{chance.getrandbits(64):016x}",
            "parentSpanId": f"{chance.getrandbits(64):016x}",
            "name": chance.text(),
            "kind": chance.randrange(7),
            "startTimeUnixNano": str(now),
            "endTimeUnixNano": str(now + chance.randrange(10**9)),
            "attributes": [_attribute(chance) for _ in range(chance.randrange(4))],
            "events": [{"name": chance.text(), "timeUnixNano": str(now)}],
            "links": [{"traceId": chance.text(), "spanId": chance.text()}],
            "status": {"code": chance.randrange(4), "message": chance.text()},
        }
        for _ in range(chance.randrange(1, 4))
    ]
    return {"resourceSpans": [{"resource": _resource(chance), "scopeSpans": [{"spans": spans}]}]}


def log_batch(chance: Chance) -> dict[str, Any]:
    """Return log records as OTLP's JSON has them."""
    records = [
        {
            "timeUnixNano": str(time.time_ns()),
            "severityNumber": chance.randrange(30),
            "severityText": chance.text(),
            "body": {"stringValue": chance.text()},
            "attributes": [_attribute(chance) for _ in range(chance.randrange(4))],
            "traceId": f"{chance.getrandbits(128):032x}",
        }
        for _ in range(chance.randrange(1, 4))
    ]
    logs = [{"logRecords": records}]
    return {"resourceLogs": [{"resource": _resource(chance), "scopeLogs": logs}]}


def bodies() -> dict[str, Any]:
    """Map the beginning of a path to a body that is right for it."""
    toxic = {"name": "t", "type": "latency", "stream": "upstream", "toxicity": 1.0}
    toxic["attributes"] = dict.fromkeys(("latency", "jitter", "rate", "timeout", "status"), 1)
    return {
        "/api/faults": FAULT,
        "/internal/faults": {**FAULT, "id": "fuzz"},
        "/api/defences": {"retry": True, "mode": "availability"},
        "/internal/defences": {"retry": True},
        "/orders": STOCK,
        "/jobs": {"orderId": "0b0f1d4e-60a7-4c42-9f52-1d9a4a6c1f11", "requestId": "r", **STOCK},
        "/internal/order-events": {
            "type": "OrderStockReserved",
            "orderId": "0b0f1d4e-60a7-4c42-9f52-1d9a4a6c1f11",
            "requestId": "r",
        },
        "/api/lesson": {"seed": 1, "id": "x", "answer": {"target": "api", "kind": "cut"}},
        "/proxies/<name>/toxics": toxic,
        "/proxies/<name>": {"enabled": True, "upstream": "localhost:1"},
        "/proxies": PROXY,
        "/populate": [PROXY],
        "/processes": {"id": "fuzz", "kind": "pause", "ttlSeconds": 1},
    }


def names() -> Iterator[str]:
    """Yield the words that the lab itself uses."""
    for target_name, kind in kinds.listed():
        yield from (target_name, kind.name)
    yield from REGISTRY
    yield from (
        "upstream",
        "downstream",
        "socket",
        "switch",
        "process",
        "otlp",
        "jaeger",
        "outline",
    )
    yield from ("PENDING", "CONFIRMED", "ERROR", "apple", "banana", "availability", "consistency")


def _attribute(chance: Chance) -> dict[str, Any]:
    kinds_of: dict[str, Any] = {
        "stringValue": chance.text(),
        "intValue": str(chance.getrandbits(40)),
    }
    kinds_of |= {"boolValue": True, "doubleValue": 0.5, "arrayValue": {"values": []}}
    name = chance.choice(list(kinds_of))
    return {"key": chance.text(), "value": {name: kinds_of[name]}}


def _resource(chance: Chance) -> dict[str, Any]:
    named = {"key": "service.name", "value": {"stringValue": chance.choice(["fuzz", "api"])}}
    return {"attributes": [named, _attribute(chance)]}


def _encoded(chance: Chance, value: Any) -> bytes:
    data = json.dumps(value, ensure_ascii=chance.often(0.5)).encode("utf-8", "surrogatepass")
    return chance.cut(data) if chance.often(0.05) else data


def _as_protobuf(chance: Chance, message: Any) -> bytes:
    top = message.resource_spans if hasattr(message, "resource_spans") else message.resource_logs
    group = top.add()
    attribute = group.resource.attributes.add(key="service.name")
    attribute.value.string_value = "fuzz"
    if hasattr(group, "scope_spans"):
        scope = group.scope_spans.add()
        for _ in range(chance.randrange(1, 4)):
            span = scope.spans.add(name="fuzz", kind=chance.randrange(6))
            span.trace_id = chance.randbytes(chance.choice([16, 16, 16, 0, 3]))
            span.span_id = chance.randbytes(chance.choice([8, 8, 8, 0, 20]))
            span.parent_span_id = chance.randbytes(chance.choice([0, 8, 3]))
            span.start_time_unix_nano = chance.getrandbits(chance.choice([60, 64, 1]))
            span.end_time_unix_nano = chance.getrandbits(60)
    else:
        scope = group.scope_logs.add()
        record = scope.log_records.add(time_unix_nano=time.time_ns())
        record.severity_number = chance.randrange(24)
        record.body.string_value = "fuzz"
    packed: bytes = message.SerializeToString()
    return packed
