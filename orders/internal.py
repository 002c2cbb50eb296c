"""Calls among the lab's own processes: the worker's events, and this service's faults."""

from __future__ import annotations

import hmac
import logging
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from boundary import fault_door
from boundary.defences import BadDefenceError
from boundary.fault_door import BadFaultError
from orders.answers import answer, refuse
from orders.api import failing
from orders.defences import DEFENCES
from orders.events import take_in
from orders.faults import ALLOWED, SWITCHES
from orders.wire import BadRequestError, parse_event, parse_object

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

log = logging.getLogger("orders")


def for_the_lab_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let in only who knows the secret that the lab's processes share."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        given = request.META.get("HTTP_X_LAB_SECRET", "")
        if not hmac.compare_digest(given.encode(), settings.LAB_SECRET.encode()):
            return refuse(
                request, BadRequestError("only the lab's own processes may call this"), status=403
            )
        return view(request, *args, **kwargs)

    return guarded


@require_http_methods(["POST"])
@for_the_lab_only
def order_events(request: HttpRequest) -> HttpResponse:
    """``POST /internal/order-events``: what the worker tells."""
    failure = failing(request)
    if failure is not None:
        return failure
    try:
        event = parse_event(request.body)
    except BadRequestError as error:
        return refuse(request, error)
    known = take_in(event)
    return answer({"ok": known}, status=200 if known else 404)


@require_http_methods(["GET", "POST", "DELETE"])
@for_the_lab_only
def faults(request: HttpRequest) -> HttpResponse:
    """``/internal/faults``: list them, turn one on, turn all off."""
    if request.method == "GET":
        return answer({"faults": fault_door.shown(SWITCHES)})
    if request.method == "DELETE":
        SWITCHES.heal()
        return HttpResponse(status=204)
    try:
        switched = fault_door.turn_on(SWITCHES, parse_object(request.body), allowed=ALLOWED)
    except (BadFaultError, BadRequestError) as error:
        return answer({"error": str(error)}, status=400)
    return answer(fault_door.show(SWITCHES, switched), status=201)


@require_http_methods(["DELETE"])
@for_the_lab_only
def fault(_request: HttpRequest, fault_id: str) -> HttpResponse:
    """``DELETE /internal/faults/{id}``."""
    SWITCHES.heal(fault_id)
    return HttpResponse(status=204)


@require_http_methods(["GET", "PATCH"])
@for_the_lab_only
def defences(request: HttpRequest) -> HttpResponse:
    """``/internal/defences``: which are on; turn some on or off."""
    if request.method == "PATCH":
        try:
            DEFENCES.switch(parse_object(request.body))
        except (BadDefenceError, BadRequestError) as error:
            return answer({"error": str(error)}, status=400)
        log.info("defences switched", extra={"defences": DEFENCES.as_json()})
    return answer(DEFENCES.as_json())
