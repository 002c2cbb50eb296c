"""Sending one action as a client does: over its link, with a span of its own."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson
import requests

from base.exchange import CALL_ERRORS, Answer, exchange
from boundary import error_kind
from systems.running import RUNNING
from systems.system import CLIENT, port_of
from telemetry.reading.joining import REQUEST_ID_SOURCE
from telemetry.records import Resource, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from systems.system import Action

TIMEOUT_SECONDS = 10.0
_MOST_BYTES = 1_048_576
_RESOURCE = Resource({"service.name": CLIENT, "service.instance.id": "lab"})
_REQUEST_IDS = ("requestId", "request_id")


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a request; ``status`` is None when there was no answer."""

    span: Span
    status: int | None
    error_kind: str
    request_id: str

    def as_json(self) -> dict[str, Any]:
        """Serialize it for the page."""
        took = self.span.end_time_unix_nano - self.span.start_time_unix_nano
        return {
            "traceId": self.span.trace_id,
            "requestId": self.request_id or None,
            "httpStatus": self.status,
            "errorKind": self.error_kind or None,
            "durationMs": round(took / 1e6, 3),
        }


def send(action: Action, *, timeout_seconds: float = TIMEOUT_SECONDS) -> Sent:
    """Send ``action`` once; what the network or the other side does is the outcome."""
    trace_id, span_id = secrets.token_hex(16), secrets.token_hex(8)
    started = time.time_ns()
    answer, kind = _exchange(action, f"00-{trace_id}-{span_id}-01", timeout_seconds)
    ended = time.time_ns()
    request_id = _request_id(answer.content) if answer else ""
    status = answer.status if answer else None
    span = Span(
        trace_id=trace_id,
        span_id=span_id,
        name=action.method,
        kind="CLIENT",
        start_time_unix_nano=started,
        end_time_unix_nano=ended,
        status_code="ERROR" if kind else "UNSET",
        attributes={
            **_call_attributes(action),
            **({"http.response.status_code": status} if status else {}),
            **({"error.type": kind} if kind else {}),
            **({"request.id": request_id, REQUEST_ID_SOURCE: "answer"} if request_id else {}),
        },
        resource=_RESOURCE,
    )
    return Sent(span, status, kind, request_id)


def _exchange(action: Action, traceparent: str, seconds: float) -> tuple[Answer | None, str]:
    headers = {**action.headers, "traceparent": traceparent}
    try:
        prepared = requests.Request(
            action.method, action.url, headers=headers, data=action.body.encode()
        ).prepare()
        answer = exchange(prepared, seconds=seconds, most_bytes=_MOST_BYTES)
    except CALL_ERRORS as error:
        return None, error_kind.of_exception(error).value
    if answer.error is not None:
        return answer, error_kind.of_exception(answer.error).value
    kind = error_kind.of_status(answer.status)
    return answer, kind.value if kind else ""


def _call_attributes(action: Action) -> Mapping[str, Any]:
    parts = urlsplit(action.url)
    attributes: dict[str, Any] = {
        "http.request.method": action.method,
        "url.full": action.url,
        "server.address": parts.hostname or "",
        "server.port": port_of(action.url),
        "lab.action": action.name,
    }
    for link in RUNNING.system.links:
        if link.sender == CLIENT and link.port == port_of(action.url):
            attributes["lab.boundary"] = link.boundary
    return attributes


def _request_id(content: bytes | None) -> str:
    """Read the request's id out of an answer in JSON; empty when it has none."""
    try:
        body = orjson.loads(content or b"")
    except orjson.JSONDecodeError:
        return ""
    found = (body.get(name) for name in _REQUEST_IDS) if isinstance(body, dict) else ()
    return next((each for each in found if isinstance(each, str)), "")
