"""What every answer must be, whatever was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from google.protobuf.message import DecodeError
from google.rpc.status_pb2 import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fuzz.wire import Answer, Call

    Shape = Callable[[Answer], bool]

SLOWEST_SECONDS = 2.0
_JSON = "application/json"


def faults_of(call: Call, answer: Answer, shape: Shape) -> Iterator[str]:
    """Say what is wrong with an answer; ``shape`` judges the body of an error."""
    if answer.seconds > SLOWEST_SECONDS:
        yield f"answered after {answer.seconds:.1f} s"
    if answer.headers.get("x-content-type-options") != "nosniff":
        yield "no nosniff"
    if "referrer-policy" not in answer.headers:
        yield "no Referrer-Policy"
    if "frame-ancestors 'none'" not in answer.headers.get("content-security-policy", ""):
        yield "no policy that forbids frames"
    if "server" in answer.headers:
        yield "names its server"
    if answer.status >= 400 and call.method != "HEAD" and not shape(answer):
        yield f"a {answer.status} of another shape: {answer.headers} {answer.body[:200]!r}"


def service_error(answer: Answer) -> bool:
    """Accept what the services answer, among it ``{"ok": false}`` for an event of no order."""
    return error_object(answer) or (answer.status, answer.as_json()) == (404, {"ok": False})


def error_object(answer: Answer) -> bool:
    """``{error}`` of the lab's own calls, and never a failure of the server."""
    body = answer.as_json()
    named = isinstance(body, dict) and isinstance(body.get("error"), str)
    return answer.status < 500 and named and _is_json(answer)


def otlp(answer: Answer) -> bool:
    """Accept a status of OTLP, in the encoding of the request."""
    if answer.status >= 500:
        return False
    if _is_json(answer):
        body = answer.as_json()
        return isinstance(body, dict) and isinstance(body.get("message"), str)
    try:
        return bool(Status.FromString(answer.body).message)
    except DecodeError:
        return False


def page_or_object(answer: Answer) -> bool:
    """Accept a page of the observer's for people, or what machines get."""
    return answer.status < 500 and ("html" in answer.headers["content-type"] or _is_json(answer))


def toxiproxy_error(answer: Answer) -> bool:
    """Accept an error as Toxiproxy has them: an object, a line of text, or nothing."""
    body = answer.as_json()
    if isinstance(body, dict):
        return body.get("status") == answer.status and isinstance(body.get("error"), str)
    if answer.status == 405:
        return not answer.body
    if answer.status == 501:
        # As Go's server answers an encoding of transfer that it does not know.
        return answer.body == b"501 Not Implemented"
    plain = answer.headers.get("content-type", "").startswith("text/plain")
    return answer.status < 500 and plain and b"Traceback" not in answer.body


def _is_json(answer: Answer) -> bool:
    return answer.headers.get("content-type", "").startswith(_JSON)
