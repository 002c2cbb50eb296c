"""``/api/actions``: the actions of the system, and sending them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

from django.views.decorators.http import require_GET, require_POST

from base.faults.request import FaultRequestError, integer
from labsite.actions.sending import send
from service.answers import answer, refusal
from service.errors import BadRequestError, RefusedError
from service.parsing import parse_object
from systems.current import SYSTEM
from telemetry.errors import TelemetryError
from telemetry.store.writer import WRITER

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from systems.system import Action

MOST_AT_ONCE = 10
_STORE_SECONDS = 5.0
_POOL = ThreadPoolExecutor(max_workers=2 * MOST_AT_ONCE, thread_name_prefix="actions")


class ActionNotFoundError(RefusedError):
    """The system has no such action."""

    http_status = 404

    def __init__(self) -> None:
        super().__init__("not found")


@require_GET
def actions(_request: HttpRequest) -> HttpResponse:
    """``GET /api/actions``: the actions, in the order of the file."""
    listed = [
        {
            "name": each.name,
            "title": each.title,
            "method": each.method,
            "url": each.url,
            "sentBy": each.sent_by,
            "perSecond": each.per_second,
        }
        for each in SYSTEM.actions
    ]
    return answer({"actions": listed})


@require_POST
def action(request: HttpRequest, name: str) -> HttpResponse:
    """``POST /api/actions/{name}`` ``{count?}``: send it, and return what came of each.

    Also what the page's browser sends itself: for scripts and experiments.
    """
    try:
        found = _action(name)
        count = _count(request.body)
    except RefusedError as error:
        return refusal(error)
    sent = list(_POOL.map(send, [found] * count))
    # Whoever gets the answer may ask for the trace at once. That it can't be stored is shown on the
    # page, and changes nothing of what came of the requests.
    with suppress(TelemetryError, TimeoutError):
        WRITER.submit([each.span for each in sent], []).result(_STORE_SECONDS)
    return answer({"sent": [each.as_json() for each in sent]})


def _action(name: str) -> Action:
    for each in SYSTEM.actions:
        if each.name == name:
            return each
    raise ActionNotFoundError


def _count(body: bytes) -> int:
    given = parse_object(body or b"{}").get("count", 1)
    try:
        return integer(given, field="count", lowest=1, highest=MOST_AT_ONCE)
    except FaultRequestError as error:
        raise BadRequestError(str(error), field="count") from None
