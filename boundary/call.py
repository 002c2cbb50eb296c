"""A POST of JSON across a link, under a deadline for the whole call, with one clear outcome."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
import requests

from base.exchange import CALL_ERRORS, exchange
from boundary import error_kind, request_id
from boundary.error_kind import ErrorKind

_MAX_ANSWER_BYTES = 65_536
_LONGEST_DETAIL = 300
_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call came to, seen from the caller's side."""

    elapsed_ms: int
    http_status: int | None = None
    body: Any = None
    error_kind: ErrorKind | None = None
    detail: str = ""
    held_back: bool = False
    """The caller itself decided not to call: nothing was sent, and no failure was met."""

    @property
    def ok(self) -> bool:
        """Whether the other side acknowledged the request."""
        return self.error_kind is None and not self.held_back

    @property
    def may_have_arrived(self) -> bool:
        """Whether the other side may have received the request."""
        return not self.held_back and self.error_kind not in error_kind.NEVER_SENT


def post_json(
    url: str, body: Any, *, timeout_ms: int, headers: dict[str, str] | None = None
) -> Outcome:
    """POST ``body`` to ``url`` and wait ``timeout_ms`` at most for the whole of the answer.

    Never raises for what the network or the other side does: that is the outcome. The current
    requestId goes along as ``X-Request-Id``; a thread keeps its connections.
    """
    return _call("POST", url, orjson.dumps(body), headers, timeout_ms=timeout_ms)


def get_json(url: str, *, timeout_ms: int) -> Outcome:
    """GET ``url`` in the same way; a 404 is an outcome with that status like any other."""
    return _call("GET", url, b"", None, timeout_ms=timeout_ms)


def delete_json(url: str, *, timeout_ms: int, headers: dict[str, str] | None = None) -> Outcome:
    """DELETE ``url`` in the same way."""
    return _call("DELETE", url, b"", headers, timeout_ms=timeout_ms)


def _call(
    method: str, url: str, data: bytes, headers: dict[str, str] | None, *, timeout_ms: int
) -> Outcome:
    started = time.monotonic()
    try:
        answer = exchange(
            _prepare(method, url, data, headers or {}),
            seconds=timeout_ms / 1_000,
            most_bytes=_MAX_ANSWER_BYTES,
        )
    except CALL_ERRORS as error:
        return _failure(started, error)
    if answer.error is not None:
        return _failure(started, answer.error, status=answer.status)
    return _judge(started, answer.status, answer.content)


def _prepare(
    method: str, url: str, data: bytes, headers: dict[str, str]
) -> requests.PreparedRequest:
    prepared = _prepared(method, url).copy()
    prepared.prepare_body(data, None)
    prepared.headers.update(headers)
    current = request_id.current()
    if current:
        prepared.headers[request_id.HEADER] = current
    return prepared


@lru_cache(maxsize=256)
def _prepared(method: str, url: str) -> requests.PreparedRequest:
    """Prepare what is the same in every call of a URL: most calls are of two of them."""
    return requests.Request(method, url, headers=_HEADERS).prepare()


def _judge(started: float, status: int, content: bytes | None) -> Outcome:
    elapsed_ms = _elapsed_ms(started)
    kind = error_kind.of_status(status)
    try:
        body = orjson.loads(content) if content is not None else None
    except orjson.JSONDecodeError:
        body = None
    if kind is None and not isinstance(body, dict):
        return Outcome(
            elapsed_ms, status, None, ErrorKind.BAD_RESPONSE, "the answer is not a JSON object"
        )
    detail = f"HTTP status {status}" if kind else ""
    return Outcome(elapsed_ms, status, body, kind, detail)


def _failure(started: float, error: Exception, *, status: int | None = None) -> Outcome:
    detail = f"{type(error).__name__}: {error}"[:_LONGEST_DETAIL]
    return Outcome(_elapsed_ms(started), status, None, error_kind.of_exception(error), detail)


def _elapsed_ms(started: float) -> int:
    return round((time.monotonic() - started) * 1_000)
