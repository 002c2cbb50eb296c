"""A request and its answer, whole."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any, Final

API_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
}
"""What every answer that is no page carries, refusals included."""


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
    headers = list(response.headers)
    own = {name.lower() for name, _ in headers}
    if "content-length" not in own and response.status not in (204, 304):
        headers.append(("Content-Length", str(len(response.body))))
    headers.append(("Date", formatdate(usegmt=True)))
    headers += [(name, value) for name, value in API_HEADERS.items() if name.lower() not in own]
    headers.sort(key=lambda header: header[0].lower() != "content-length")
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
