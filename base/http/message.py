"""A request and its answer, whole."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import lru_cache
from typing import Any, Final

API_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
}
"""What every answer that is no page carries, refusals included."""

_API_PAIRS = {
    name.lower(): (name.encode("latin-1"), value.encode("latin-1"))
    for name, value in API_HEADERS.items()
}
_LENGTH = "content-length"


@dataclass(frozen=True, slots=True)
class Request:
    """A request, with its body.

    ``path`` is as it was sent. ``headers`` have lower-case names; of several under one name the
    values are joined. ``received_at`` is when it was whole, in monotonic seconds of this process.
    """

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    received_at: float
    http_version: str = "1.1"
    server: tuple[str, int] = ("", 0)
    client: tuple[str, int] = ("", 0)


@dataclass(frozen=True, slots=True)
class Response:
    """An answer."""

    status: int
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)


def json_response(status: int, data: Any, headers: dict[str, str] | None = None) -> Response:
    """Answer with ``data`` as JSON."""
    body = json.dumps(data).encode()
    return Response(status, body, [("Content-Type", "application/json"), *(headers or {}).items()])


def error_response(status: int, error: str, headers: dict[str, str] | None = None) -> Response:
    """Answer ``{error}``."""
    return json_response(status, {"error": error}, headers)


def encoded_headers(response: Response) -> list[tuple[bytes, bytes]]:
    """Return all headers of an answer: its length, its own, its date, and `API_HEADERS` it lacks.

    The length comes first: an answer that is cut off anywhere behind it is known to be cut off.
    """
    own = {name.lower(): value for name, value in response.headers}
    encoded = [
        (name.encode("latin-1"), value.encode("latin-1"))
        for name, value in response.headers
        if name.lower() != _LENGTH
    ]
    if _LENGTH in own or response.status not in (204, 304):
        length = own.get(_LENGTH, str(len(response.body)))
        encoded.insert(0, (b"Content-Length", length.encode("latin-1")))
    encoded.append((b"Date", _date(time.time_ns() // 1_000_000_000)))
    encoded += [pair for name, pair in _API_PAIRS.items() if name not in own]
    return encoded


@lru_cache(maxsize=1)
def _date(second: int) -> bytes:
    return formatdate(second, usegmt=True).encode("latin-1")
