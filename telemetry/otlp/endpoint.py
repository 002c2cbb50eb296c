"""The OTLP/HTTP receiver: an ASGI application that answers success only after the commit.

It stands beside Django rather than in it: exports come many times a second, and a middleware that
an export has no use for would cost more than storing it does.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from google.rpc.status_pb2 import Status

from base.numbers import whole_number
from telemetry.errors import Malformed, NoSuchSignal, TelemetryError, TooLarge, Unsupported
from telemetry.otlp import origins
from telemetry.otlp.intake import LOGS, MAX_BYTES, METRICS, TRACES, awaited
from telemetry.refused import HOST, HOST_REFUSED, ORIGIN, PATH, REFUSED

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Mapping

    from telemetry.otlp.intake import Intake

PREFIX = "/v1/"
"""Every path below it is this endpoint's."""

_SIGNALS = {"/v1/traces": TRACES, "/v1/started": TRACES, "/v1/logs": LOGS, "/v1/metrics": METRICS}
_PROTOBUF = "application/x-protobuf"
_JSON = "application/json"


class OtlpEndpoint:
    """``serves_host`` knows the names of this process.

    ``allowed_origins`` are those of pages that may send, beside the ones of this machine.
    """

    def __init__(
        self, intake: Intake, serves_host: Callable[[str], bool], allowed_origins: Collection[str]
    ) -> None:
        self._intake = intake
        self._serves_host = serves_host
        self._allowed_origins = allowed_origins

    async def __call__(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Awaitable[dict[str, Any]]],
        send: Callable[[dict[str, Any]], Awaitable[None]],
    ) -> None:
        """Answer one request."""
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in scope["headers"]
        }
        as_json = _content_type(headers) == _JSON
        extra = {"Vary": "Origin"}
        try:
            status, body = await self._answered(scope, headers, receive, extra)
        except TelemetryError as error:
            status, body = int(error.status), _error(str(error), as_json=as_json)
            if error.retry_after_seconds is not None:
                extra["Retry-After"] = str(error.retry_after_seconds)
        # An answer without content may not say how long it is.
        if status != HTTPStatus.NO_CONTENT:
            extra |= {
                "Content-Type": _JSON if as_json else _PROTOBUF,
                "Content-Length": str(len(body)),
            }
        await _answer(send, status, body, extra)

    async def _answered(
        self,
        scope: Mapping[str, Any],
        headers: Mapping[str, str],
        receive: Callable[[], Awaitable[dict[str, Any]]],
        extra: dict[str, str],
    ) -> tuple[int, bytes]:
        as_json = _content_type(headers) == _JSON
        origin = headers.get("origin", "")
        refusal = self._refusal(headers)
        if refusal is not None:
            return 403, _error(refusal, as_json=as_json)
        if origin:
            extra |= origins.answer_headers(origin)
        if origin and origins.is_preflight(scope["method"], headers):
            extra |= origins.preflight_headers(headers)
            return HTTPStatus.NO_CONTENT, b""
        if scope["method"] != "POST":
            extra["Allow"] = "POST"
            return 405, _error("only POST is allowed here", as_json=as_json)
        data = await _read(headers, receive)
        return 200, await self._take_in(scope["path"].rstrip("/"), headers, data)

    def _refusal(self, headers: Mapping[str, str]) -> str | None:
        """Return why a request is refused by its headers, which is counted; None when it is not."""
        host = headers.get("host", "")
        if not self._serves_host(host):
            REFUSED.count(HOST, host)
            return HOST_REFUSED
        if not origins.may_send(headers, self._allowed_origins):
            REFUSED.count(ORIGIN, headers.get("origin") or headers["sec-fetch-site"])
            return "a page of this origin may not send telemetry; LAB_OTLP_ORIGINS lets it"
        return None

    async def _take_in(self, path: str, headers: Mapping[str, str], data: bytes) -> bytes:
        if path not in _SIGNALS:
            REFUSED.count(PATH, path)
            raise NoSuchSignal(f"{path[:80]} is not one of {', '.join(sorted(_SIGNALS))}")
        kind = _content_type(headers)
        if kind not in (_PROTOBUF, _JSON):
            raise Unsupported(f"the content type must be {_PROTOBUF} or {_JSON}")
        coding = headers.get("content-encoding", "").strip().lower()
        steps = self._intake.steps(_SIGNALS[path], data, coding=coding, as_json=kind == _JSON)
        return await awaited(steps)


def _content_type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


async def _read(
    headers: Mapping[str, str], receive: Callable[[], Awaitable[dict[str, Any]]]
) -> bytes:
    length = headers.get("content-length", "0")
    if whole_number(length, highest=MAX_BYTES) is None:
        raise TooLarge(f"the body is over {MAX_BYTES} bytes")
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Malformed("the sender went away")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BYTES:
            raise TooLarge(f"the body is over {MAX_BYTES} bytes")
        if not message.get("more_body"):
            return b"".join(parts)


def _error(message: str, *, as_json: bool) -> bytes:
    if as_json:
        return orjson.dumps({"message": message})
    packed: bytes = Status(message=message).SerializeToString()
    return packed


async def _answer(
    send: Callable[[dict[str, Any]], Awaitable[None]],
    status: int,
    body: bytes,
    headers: Mapping[str, str],
) -> None:
    listed = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": listed})
    await send({"type": "http.response.body", "body": body})
