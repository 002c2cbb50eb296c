"""The OTLP/HTTP receiver: an ASGI application that answers success only after the commit.

It stands beside Django rather than in it: exports come many times a second, and a middleware that
an export has no use for would cost more than storing it does.
"""

from __future__ import annotations

import asyncio
import zlib
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import orjson
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from telemetry.errors import Malformed, TelemetryError, TooLarge, Unsupported
from telemetry.otlp import from_json, from_protobuf

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from telemetry.records import LogRecord, Span

    Submit = Callable[[Sequence[Span], Sequence[LogRecord]], Future[None]]
    Guard = Callable[[Mapping[str, str]], str | None]

PATHS = frozenset({"/v1/traces", "/v1/logs", "/v1/started"})
MAX_BYTES = 16 * 1024 * 1024
_MAX_UNPACKED_BYTES = 64 * 1024 * 1024
_PROTOBUF = "application/x-protobuf"
_JSON = "application/json"
_GZIP_WINDOW = 31


class OtlpDoor:
    """``submit`` stores records, ``guard`` says why a request by its headers may not come in."""

    def __init__(self, submit: Submit, guard: Guard) -> None:
        self._submit = submit
        self._guard = guard
        # One thread decodes: more would only take turns.
        self._decoder = ThreadPoolExecutor(max_workers=1, thread_name_prefix="otlp-decoder")

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
        as_json = headers.get("content-type", "").partition(";")[0].strip().lower() == _JSON
        extra: dict[str, str] = {}
        try:
            reason = self._guard(headers)
            if reason is not None:
                status, body = 403, _error(reason, as_json=as_json)
            elif scope["method"] != "POST":
                status, body = 405, _error("only POST is taken here", as_json=as_json)
                extra["Allow"] = "POST"
            else:
                data = await _read(headers, receive)
                status, body = 200, await self._take_in(scope["path"], headers, data)
        except TelemetryError as error:
            status, body = int(error.status), _error(str(error), as_json=as_json)
            if error.retry_after_seconds is not None:
                extra["Retry-After"] = str(error.retry_after_seconds)
        extra["Content-Type"] = _JSON if as_json else _PROTOBUF
        await _answer(send, status, body, extra)

    async def _take_in(self, path: str, headers: Mapping[str, str], data: bytes) -> bytes:
        loop = asyncio.get_running_loop()
        spans, logs, wrong, as_json = await loop.run_in_executor(
            self._decoder, _decode, path, dict(headers), data
        )
        if spans or logs:
            await asyncio.wrap_future(self._submit(spans, logs))
        return _accepted(path, wrong, as_json=as_json)


def _decode(
    path: str, headers: Mapping[str, str], data: bytes
) -> tuple[list[Span], list[LogRecord], list[str], bool]:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (_PROTOBUF, _JSON):
        raise Unsupported(f"the content type must be {_PROTOBUF} or {_JSON}")
    data = _unpack(headers.get("content-encoding", "identity").strip().lower(), data)
    decoder = from_json if kind == _JSON else from_protobuf
    if path == "/v1/logs":
        logs, wrong = decoder.logs(data)
        return [], logs, wrong, kind == _JSON
    spans, wrong = decoder.spans(data)
    return spans, [], wrong, kind == _JSON


def _unpack(encoding: str, data: bytes) -> bytes:
    if encoding in ("", "identity"):
        return data
    if encoding != "gzip":
        raise Unsupported("the content encoding must be gzip or none")
    unpacker = zlib.decompressobj(_GZIP_WINDOW)
    try:
        unpacked = unpacker.decompress(data, _MAX_UNPACKED_BYTES)
    except zlib.error as error:
        raise Malformed(f"the body is not gzip: {error}") from None
    if unpacker.unconsumed_tail:
        raise TooLarge(f"the body is over {_MAX_UNPACKED_BYTES} bytes when unpacked")
    if not unpacker.eof:
        raise Malformed("the gzip body is cut off")
    return unpacked


async def _read(
    headers: Mapping[str, str], receive: Callable[[], Awaitable[dict[str, Any]]]
) -> bytes:
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > MAX_BYTES:
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


def _accepted(path: str, wrong: Sequence[str], *, as_json: bool) -> bytes:
    rejected = "rejectedLogRecords" if path == "/v1/logs" else "rejectedSpans"
    message = "; ".join(wrong[:10])
    if as_json:
        partial = {rejected: str(len(wrong)), "errorMessage": message}
        return orjson.dumps({"partialSuccess": partial} if wrong else {})
    answer: ExportLogsServiceResponse | ExportTraceServiceResponse
    if path == "/v1/logs":
        answer = ExportLogsServiceResponse()
        answer.partial_success.rejected_log_records = len(wrong)
    else:
        answer = ExportTraceServiceResponse()
        answer.partial_success.rejected_spans = len(wrong)
    if not wrong:
        answer.ClearField("partial_success")
    else:
        answer.partial_success.error_message = message
    packed: bytes = answer.SerializeToString()
    return packed


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
    listed.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": listed})
    await send({"type": "http.response.body", "body": body})
