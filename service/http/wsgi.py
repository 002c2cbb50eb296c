"""Between the server and Django, which speaks WSGI."""

from __future__ import annotations

import sys
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from base.http.message import Request, Response

if TYPE_CHECKING:
    from base.http.pool import Handler

RECEIVED = "lab.received_at"
"""Where a request says when it was whole, in monotonic seconds; no caller can set it."""


def handler_of(application: Any) -> Handler:
    """Return what answers a request by a WSGI ``application``."""

    def handle(request: Request) -> Response:
        started: list[tuple[int, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
            started.append((int(status[:3]), headers))

        answered = application(environ_of(request), start_response)
        try:
            body = b"".join(answered)
        finally:
            if hasattr(answered, "close"):
                answered.close()
        status, headers = started[-1]
        return Response(status, body, headers)

    return handle


def environ_of(request: Request) -> dict[str, Any]:
    """Write a request as PEP 3333 has it.

    A header with an underscore is left out: it would pass for one with a hyphen.
    """
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(request.path).decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": request.server[0],
        "SERVER_PORT": str(request.server[1]),
        "SERVER_PROTOCOL": f"HTTP/{request.http_version}",
        "REMOTE_ADDR": request.client[0],
        "REMOTE_PORT": str(request.client[1]),
        "CONTENT_LENGTH": str(len(request.body)),
        RECEIVED: request.received_at,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        if name == "content-type":
            environ["CONTENT_TYPE"] = value
        elif name not in ("content-length", "transfer-encoding") and "_" not in name:
            environ["HTTP_" + name.upper().replace("-", "_")] = value
    return environ
