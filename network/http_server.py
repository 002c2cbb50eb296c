"""A small HTTP/1.1 server for the control API: JSON in and out, connections kept."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from network.http_message import MAX_HEAD_BYTES, MAX_MESSAGE_BYTES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

READ_SECONDS: Final = 60


@dataclass(frozen=True)
class Request:
    """A request, its path cut at the slashes and unquoted."""

    method: str
    path: tuple[str, ...]
    query: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Response:
    """A response; ``body`` is sent as it is."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


def json_response(value: object, *, status: int = 200) -> Response:
    """Return a response that carries ``value``."""
    return Response(status, json.dumps(value).encode())


class HttpServer:
    """Reads requests, asks ``handle``, writes what it returns."""

    def __init__(self, handle: Callable[[Request], Awaitable[Response]]) -> None:
        self._handle = handle
        self._tasks: set[asyncio.Task[None]] = set()
        self._servers: list[asyncio.Server] = []

    async def listen(self, host: str, port: int) -> int:
        """Listen; returns the port, which 0 leaves to the system.

        Raises OSError.
        """
        server = await asyncio.start_server(self._connected, host, port, limit=MAX_HEAD_BYTES)
        self._servers.append(server)
        bound: int = server.sockets[0].getsockname()[1]
        return bound

    async def close(self) -> None:
        """Stop listening and drop open calls."""
        for server in self._servers:
            server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            # A caller that leaves mid-call, or says nothing for long, is no error of ours; and a
            # cancelled call means that the process stops.
            with suppress(
                OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.CancelledError
            ):
                await self._serve(reader, writer)
        finally:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        keep = True
        while keep:
            try:
                async with asyncio.timeout(READ_SECONDS):
                    request = await _read(reader, writer)
            except (asyncio.LimitOverrunError, ValueError):
                writer.write(_bytes(Response(400, b"bad request\n", "text/plain"), keep=False))
                await writer.drain()
                return
            keep = request.headers.get("connection", "").lower() != "close"
            response = await self._handle(request)
            if response.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                keep = False
            writer.write(_bytes(response, keep=keep))
            await writer.drain()


async def _read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    method, target, _version = first.split(" ", 2)
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    if headers.get("expect", "").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    parts = urlsplit(target)
    path = tuple(unquote(part) for part in parts.path.split("/")[1:])
    return Request(method, path, parts.query, headers, await _read_body(reader, headers))


async def _read_body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if "chunked" not in headers.get("transfer-encoding", "").lower():
        length = int(headers.get("content-length") or 0)
        if not 0 <= length <= MAX_MESSAGE_BYTES:
            raise ValueError("body too large")
        return await reader.readexactly(length)
    body = bytearray()
    while size := int((await reader.readline()).partition(b";")[0], 16):
        if len(body) + size > MAX_MESSAGE_BYTES:
            raise ValueError("body too large")
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    while (await reader.readline()).strip():
        pass
    return bytes(body)


def _bytes(response: Response, *, keep: bool) -> bytes:
    try:
        phrase = HTTPStatus(response.status).phrase
    except ValueError:
        phrase = ""
    lines = [f"HTTP/1.1 {response.status} {phrase}"]
    lines += [f"{name}: {value}" for name, value in response.headers.items()]
    if response.status != HTTPStatus.NO_CONTENT:
        lines.append(f"Content-Type: {response.content_type}")
        lines.append(f"Content-Length: {len(response.body)}")
    lines.append("Connection: keep-alive" if keep else "Connection: close")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + response.body
