"""Speaking HTTP to one part of the lab: JSON in and out, a deadline, one error."""

from __future__ import annotations

import secrets
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NoReturn, TypedDict, Unpack

import orjson
import requests
from urllib3.exceptions import NewConnectionError

from base.deadline import NeverConnectedError
from base.errors import DeadlineExceededError, LabError, LabFailure
from base.exchange import CALL_ERRORS, Answer, exchange

if TYPE_CHECKING:
    from collections.abc import Mapping

SECRET_HEADER = "X-Lab-Secret"  # noqa: S105 (the header's name)
"""Carries the secret that the lab's own processes share."""

_TIMEOUT_SECONDS = 30.0
_MAX_ANSWER_BYTES = 64 * 1024 * 1024
_LONGEST_DETAIL = 300
_SUCCESSES = range(200, 300)


class Options(TypedDict, total=False):
    """What a call may have; ``body`` is sent as JSON unless it is None."""

    params: Mapping[str, str]
    body: object
    headers: Mapping[str, str]
    timeout_seconds: float
    missing_ok: bool


class LabClient:
    """Calls to one base URL, over connections that each thread keeps for itself.

    Redirects are not followed, and proxies of the environment are never used. With ``traced`` false
    the calls belong to a trace that is not sampled: who answers them makes no spans of them.
    """

    def __init__(
        self,
        base_url: str,
        *,
        secret: str = "",
        timeout_seconds: float = _TIMEOUT_SECONDS,
        traced: bool = True,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._headers = {"Accept": "application/json"} | ({SECRET_HEADER: secret} if secret else {})
        if not traced:
            trace_id, span_id = secrets.token_hex(16), secrets.token_hex(8)
            self._headers["traceparent"] = f"00-{trace_id}-{span_id}-00"
        self._timeout_seconds = timeout_seconds

    def call(self, method: str, path: str, **options: Unpack[Options]) -> Any:
        """Call ``path`` and return the JSON of its answer; None for an answer without a body.

        With ``missing_ok`` the status 404 is no error and returns None.

        :raises LabError: there was no answer in time, or none of a success, or none in JSON.
        """
        missing_ok = options.pop("missing_ok", False)
        try:
            return self.exchange(method, path, **options)[1]
        except LabError as error:
            if missing_ok and error.status == HTTPStatus.NOT_FOUND:
                return None
            raise

    def exchange(self, method: str, path: str, **options: Unpack[Options]) -> tuple[int, Any]:
        """Call ``path`` and return the status as well, which is one of success.

        :raises LabError: there was no answer in time, or none of a success, or none in JSON.
        """
        seconds = options.get("timeout_seconds", self._timeout_seconds)
        url = f"{self.base_url}{path}"
        started = time.monotonic()
        try:
            prepared = self._prepare(method, url, options)
            answer = exchange(prepared, seconds=seconds, most_bytes=_MAX_ANSWER_BYTES)
        except CALL_ERRORS as error:
            answer = Answer(0, None, error)
        if answer.error is not None:
            late = time.monotonic() - started >= seconds
            raise _failure(answer.error, url=url, seconds=seconds, late=late) from answer.error
        return answer.status, _judge(answer, url=url)

    def _prepare(self, method: str, url: str, options: Options) -> requests.PreparedRequest:
        headers = {**self._headers, **options.get("headers", {})}
        body, data = options.get("body"), None
        if body is not None:
            data = orjson.dumps(body)
            headers["Content-Type"] = "application/json"
        params = options.get("params")
        return requests.Request(method, url, headers=headers, params=params, data=data).prepare()


def answers(url: str, *, timeout_seconds: float = 1.0) -> bool:
    """Whether a GET of ``url`` is answered with 200 within ``timeout_seconds``."""
    try:
        LabClient(url, timeout_seconds=timeout_seconds).call("GET", "")
    except LabError as error:
        return error.status == HTTPStatus.OK
    return True


def _judge(answer: Answer, *, url: str) -> Any:
    body = None

    def fail(failure: LabFailure, detail: str) -> NoReturn:
        raise LabError(failure, url=url, status=answer.status, detail=detail, body=body)

    if answer.content is None:
        fail(LabFailure.BAD_ANSWER, f"the answer is over {_MAX_ANSWER_BYTES} bytes")
    try:
        body = orjson.loads(answer.content) if answer.content else None
    except orjson.JSONDecodeError:
        body = answer.content.decode("utf-8", "replace").strip()
        if answer.status in _SUCCESSES:
            fail(LabFailure.BAD_ANSWER, "the answer is not JSON")
    if answer.status not in _SUCCESSES:
        detail = body.get("error", body) if isinstance(body, dict) else body
        fail(LabFailure.REFUSED, str("" if detail is None else detail)[:_LONGEST_DETAIL])
    return body


def _failure(error: Exception, *, url: str, seconds: float, late: bool) -> LabError:
    if isinstance(error, DeadlineExceededError):
        timed_out, sent = True, error.connected
    else:
        timed_out = late or isinstance(error, requests.Timeout)
        sent = not (isinstance(error, requests.ConnectTimeout) or _never_connected(error))
    return LabError(
        LabFailure.TIMED_OUT if timed_out else LabFailure.UNREACHABLE,
        url=url,
        detail=_reason(error),
        seconds=seconds,
        sent=sent,
    )


def _never_connected(error: Exception) -> bool:
    """Whether the cause that `requests` wraps says so; over TLS it is urllib3's."""
    causes = [each for arg in error.args for each in (arg, getattr(arg, "reason", None))]
    return any(isinstance(each, NeverConnectedError | NewConnectionError) for each in causes)


def _reason(error: Exception) -> str:
    return "connection refused" if "refused" in str(error) else type(error).__name__
