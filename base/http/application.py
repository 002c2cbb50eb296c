"""The ASGI application: reads a request whole, has a thread answer it, sends the answer whole."""

from __future__ import annotations

import asyncio
import logging
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from base.http.message import Request, Response, encoded_headers, error_response
from base.numbers import whole_number

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from base.http.pool import Handler, Pool

    Receive: TypeAlias = Callable[[], Awaitable[dict[str, Any]]]
    Send: TypeAlias = Callable[[dict[str, Any]], Awaitable[None]]

log = logging.getLogger("http")

BODY_SECONDS: Final = 10.0
# After a refusal what is still on its way is read and dropped, so that the refusal arrives.
_LINGER_SECONDS = 2.0
_CLOSE = {"Connection": "close"}


class BodyError(Exception):
    """The body is longer than is read, or too slow; ``response`` says so."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


class CallerGoneError(Exception):
    """The caller closed its connection before its request was whole."""


class Application:
    """Answers each request by ``handler`` in a thread of the pool that ``pool_of`` names."""

    def __init__(
        self,
        handler: Handler,
        *,
        pool_of: Callable[[str, str], Pool],
        max_body_bytes: int,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self._handler = handler
        self._pool_of = pool_of
        self._max_body_bytes = max_body_bytes
        self._body_seconds = body_seconds

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = _headers(scope["headers"])
        try:
            body = await self._read(headers, receive)
            await _send(await self._respond(_request(scope, headers, body)), send)
        except BodyError as error:
            await _refuse(error.response, receive, send)
        except CallerGoneError:
            pass
        except RuntimeError as error:
            # uvloop's, for writing to a caller of several requests who has gone.
            log.debug("an answer could not be sent: %s", error)

    async def _respond(self, request: Request) -> Response:
        try:
            pool = self._pool_of(request.method, request.path)
            return await pool.run(self._handler, request)
        except asyncio.CancelledError:
            # The server does so to what is still in progress some seconds after it was to stop.
            return error_response(HTTPStatus.SERVICE_UNAVAILABLE, "the process ends", _CLOSE)
        except Exception:
            log.exception("a request failed", extra={"path": request.path})
            return error_response(HTTPStatus.INTERNAL_SERVER_ERROR, "internal error")

    async def _read(self, headers: dict[str, str], receive: Receive) -> bytes:
        length = headers.get("content-length")
        if length is None and "transfer-encoding" not in headers:
            return b""
        if length is not None and whole_number(length, highest=self._max_body_bytes) is None:
            raise BodyError(self._too_long())
        body = b""
        try:
            async with asyncio.timeout(self._body_seconds):
                more = True
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise CallerGoneError
                    body += message.get("body", b"")
                    if len(body) > self._max_body_bytes:
                        raise BodyError(self._too_long())
                    more = message.get("more_body", False)
        except TimeoutError:
            text = f"the body did not come within {self._body_seconds:g} s"
            raise BodyError(error_response(HTTPStatus.REQUEST_TIMEOUT, text, _CLOSE)) from None
        return body

    def _too_long(self) -> Response:
        text = f"the body is over {self._max_body_bytes} bytes"
        return error_response(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, text, _CLOSE)


def _headers(pairs: list[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for raw_name, raw_value in pairs:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        if name in headers:
            value = f"{headers[name]}{'; ' if name == 'cookie' else ', '}{value}"
        headers[name] = value
    return headers


def _request(scope: dict[str, Any], headers: dict[str, str], body: bytes) -> Request:
    return Request(
        scope["method"],
        scope["raw_path"].decode("latin-1"),
        scope["query_string"].decode("latin-1"),
        headers,
        body,
        time.monotonic(),
        scope["http_version"],
        scope["server"] or ("", 0),
        scope["client"] or ("", 0),
    )


async def _send(response: Response, send: Send, *, more: bool = False) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": response.status,
            "headers": encoded_headers(response),
        }
    )
    await send({"type": "http.response.body", "body": response.body, "more_body": more})


async def _refuse(response: Response, receive: Receive, send: Send) -> None:
    await _send(response, send, more=True)
    try:
        async with asyncio.timeout(_LINGER_SECONDS):
            while (await receive()).get("more_body", False):
                pass
    except TimeoutError:
        pass
    await send({"type": "http.response.body", "body": b""})
