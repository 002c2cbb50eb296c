"""What Daphne, Twisted and autobahn answer by themselves: bounded, in JSON, with security headers.

They leave it to their users to change attributes of their classes.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from base.http.message import Response, encoded_headers, json_response
from telemetry.refused import GRPC_TO_HTTP, REFUSED

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_HEAD_BYTES = 65_536
MAX_BODY_BYTES = 1024 * 1024
"""The longest body of a call that takes in no telemetry."""
MAX_TELEMETRY_BYTES = 64 * 1024 * 1024
"""The longest that is kept of any body until it is whole."""

_TELEMETRY = (b"/v1/", b"/api/import")
_RETRY_AFTER_SECONDS = 5
_HTTP2 = b"PRI * HTTP/2.0"


def install() -> None:
    """Change the classes of this process; before its server is made."""
    from daphne.http_protocol import WebRequest
    from daphne.ws_protocol import WebSocketProtocol
    from twisted.web.http import HTTPChannel

    channel: Any = HTTPChannel
    channel.MAX_LENGTH = MAX_HEAD_BYTES
    channel.totalHeadersSize = MAX_HEAD_BYTES
    channel.lineLengthExceeded = _line_too_long
    channel.lineReceived = _line_of_http(channel.lineReceived)
    channel._respondToBadRequestAndDisconnect = _bad_request
    WebRequest.basic_error = _basic_error
    WebRequest.handleContentChunk = _keep
    WebRequest.requestReceived = _received
    WebSocketProtocol.sendHttpErrorResponse = _refuse_handshake


def _line_of_http(received: Callable[[Any, bytes], None]) -> Callable[[Any, bytes], None]:
    """Wrap Twisted's method, to which HTTP/2 is malformed: its sender has taken the wrong port."""

    def receiving(channel: Any, line: bytes) -> None:
        if line != _HTTP2:
            received(channel, line)
            return
        # What follows is no HTTP/1.1 either.
        channel.lineReceived = _ignore
        REFUSED.count(GRPC_TO_HTTP)
        _refuse(channel, _error(400, "HTTP/2 and gRPC are not spoken at this port"))

    return receiving


def _ignore(line: bytes) -> None:
    del line


def _line_too_long(channel: Any, line: bytes) -> None:
    del line
    _refuse(channel, _error(431, f"the head is over {MAX_HEAD_BYTES} bytes"))


def _bad_request(channel: Any) -> None:
    _refuse(channel, _error(400, "this is no HTTP request, or its head is too long"))


def _error(status: int, text: str) -> Response:
    """Say it as ``/api`` does and as OTLP does: whom the request was for may not be known."""
    return json_response(status, {"error": text, "message": text})


def _refuse(channel: Any, response: Response) -> None:
    channel.transport.write(_encoded(response))
    channel.loseConnection()


def _refuse_handshake(
    protocol: Any, code: int, reason: str, headers: list[tuple[str, str]] | None = None
) -> None:
    """Refuse a WebSocket; autobahn then ends the connection."""
    response = _error(code, reason)
    response.headers.extend(headers or [])
    if code == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers.append(("Retry-After", str(_RETRY_AFTER_SECONDS)))
    protocol.sendData(_encoded(response))


def _encoded(response: Response) -> bytes:
    lines = [b"%s: %s" % pair for pair in encoded_headers(response)]
    head = b"HTTP/1.1 %d Refused" % response.status
    return b"\r\n".join([head, *lines, b"Connection: close", b"", response.body])


def _keep(request: Any, data: bytes) -> None:
    """Keep what is received of a body, and of one that is too long as much as shows that it is.

    Of the rest nothing is kept, but all is received: or else the refusal might not be read.
    """
    room = MAX_TELEMETRY_BYTES + 1 - request.content.tell()
    if room > 0:
        request.content.write(data[:room])


def _received(request: Any, command: bytes, target: bytes, version: bytes) -> None:
    """Hand a whole request on, with its form unread.

    Twisted would read forms for itself, which nobody asks it for: at a content type that is none it
    raises, and the connection ends without an answer.
    """
    path = target.partition(b"?")[0]
    most = MAX_TELEMETRY_BYTES if path.startswith(_TELEMETRY) else MAX_BODY_BYTES
    if request.content.tell() > most:
        _refuse(request.channel, _error(413, f"the body is over {most} bytes"))
        return
    request.content.seek(0)
    request.args = {}
    request.method, request.uri, request.clientproto = command, target, version
    request.path = path
    request.process()


def _basic_error(request: Any, status: int, status_text: bytes, body: str) -> None:
    del status_text
    response = _error(status, body)
    start = {
        "type": "http.response.start",
        "status": status,
        "headers": encoded_headers(response),
    }
    request.handle_reply(start)
    request.handle_reply({"type": "http.response.body", "body": response.body})
