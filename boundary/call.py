"""A POST of JSON across a link, under a deadline for the whole call, with one clear outcome."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

import orjson
import requests
from requests.cookies import RequestsCookieJar
from requests.hooks import default_hooks
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError

from boundary import error_kind, request_id
from boundary.deadline import DEADLINE, DeadlineAdapter
from boundary.error_kind import DeadlineExceededError, ErrorKind

_MAX_ANSWER_BYTES = 65_536
_LONGEST_DETAIL = 300


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
        """Whether the other side said that it did what was asked."""
        return self.error_kind is None and not self.held_back

    @property
    def may_have_arrived(self) -> bool:
        """Whether the other side may have received the request."""
        return not self.held_back and self.error_kind not in error_kind.NEVER_SENT


class _Sessions(threading.local):
    def __init__(self) -> None:
        self.session = requests.Session()
        # Proxies of the environment would put a stranger on the link.
        self.session.trust_env = False
        self.session.mount("http://", DeadlineAdapter(max_retries=0))


_SESSIONS = _Sessions()


def post_json(
    url: str, body: Any, *, timeout_ms: int, headers: dict[str, str] | None = None
) -> Outcome:
    """POST ``body`` to ``url`` and wait ``timeout_ms`` at most for the whole of the answer.

    Never raises for what the network or the other side does: that is the outcome. The current
    requestId goes along as ``X-Request-Id``; a thread keeps its connections.
    """
    return _call(_prepare("POST", url, orjson.dumps(body), headers or {}), timeout_ms=timeout_ms)


def get_json(url: str, *, timeout_ms: int) -> Outcome:
    """GET ``url`` in the same way; a 404 is an outcome with that status like any other."""
    return _call(_prepare("GET", url, b"", {}), timeout_ms=timeout_ms)


def delete_json(url: str, *, timeout_ms: int, headers: dict[str, str] | None = None) -> Outcome:
    """DELETE ``url`` in the same way."""
    return _call(_prepare("DELETE", url, b"", headers or {}), timeout_ms=timeout_ms)


def _call(prepared: requests.PreparedRequest, *, timeout_ms: int) -> Outcome:
    started = time.monotonic()
    DEADLINE.at = started + timeout_ms / 1_000
    try:
        response = _SESSIONS.session.send(
            prepared,
            timeout=timeout_ms / 1_000,
            allow_redirects=False,
            stream=True,
            proxies={},
            verify=True,
            cert=None,
        )
        status = response.status_code
        try:
            content = _read(response)
        except (requests.RequestException, HTTPError, OSError, DeadlineExceededError) as error:
            return _failure(started, error, status=status)
    except (requests.RequestException, HTTPError, OSError, DeadlineExceededError) as error:
        return _failure(started, error)
    finally:
        DEADLINE.at = float("inf")
    return _judge(started, status, content)


def _prepare(
    method: str, url: str, data: bytes, headers: dict[str, str]
) -> requests.PreparedRequest:
    """Build by hand what `requests` would prepare: the URL is ours and needs no second look."""
    prepared = requests.PreparedRequest()
    prepared.method = method
    prepared.url = url
    prepared.headers = CaseInsensitiveDict(
        {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Content-Length": str(len(data)),
            **headers,
        }
    )
    current = request_id.current()
    if current:
        prepared.headers[request_id.HEADER] = current
    prepared.body = data
    prepared.hooks = default_hooks()
    # `requests` reads it when the answer comes; its stubs do not say so.
    setattr(prepared, "_cookies", RequestsCookieJar())  # noqa: B010 (the attribute is not in the stubs)
    return prepared


def _read(response: requests.Response) -> bytes | None:
    """Read the answer; None when it is longer than any answer of the contract."""
    content = response.raw.read(_MAX_ANSWER_BYTES + 1, decode_content=True)
    if len(content) > _MAX_ANSWER_BYTES:
        response.close()
        return None
    # Only a connection whose answer has been read to its end can be kept.
    response.raw.release_conn()
    return bytes(content)


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
