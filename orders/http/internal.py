"""``POST /internal/order-events``: the worker's callback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.http import require_http_methods

from orders.events import take_in
from orders.http.api import failing
from orders.wire import parse_event
from service.answers import answer, refuse
from service.errors import BadRequestError
from service.internal import for_the_lab_or_when_open

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_http_methods(["POST"])
@for_the_lab_or_when_open
def order_events(request: HttpRequest) -> HttpResponse:
    """Act on the worker's event; 404 when it is of no order that is known here."""
    failure = failing(request)
    if failure is not None:
        return failure
    try:
        event = parse_event(request.body)
    except BadRequestError as error:
        return refuse(request, error)
    known = take_in(event)
    return answer({"ok": known}, status=200 if known else 404)
