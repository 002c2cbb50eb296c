"""The worker's calls: thin, each reads, asks its room and answers."""

from __future__ import annotations

import hmac
import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from boundary import fault_door
from boundary.defences import BadDefenceError
from boundary.fault_door import BadFaultError
from worker import jobs, listing
from worker.answers import answer, refuse
from worker.defences import DEFENCES
from worker.faults import ALLOWED, SWITCHES, WORKER
from worker.stock import UnknownSkuError
from worker.wire import BadRequestError, parse_job, parse_object, parse_uuid

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger("worker")


def for_the_lab_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let in only who knows the secret that the lab's processes share."""

    def guarded(request: HttpRequest, **kwargs: str) -> HttpResponse:
        given = request.META.get("HTTP_X_LAB_SECRET", "")
        if not hmac.compare_digest(given.encode(), settings.LAB_SECRET.encode()):
            return refuse(
                request, BadRequestError("only the lab's own processes may call this"), status=403
            )
        return view(request, **kwargs)

    return guarded


@require_POST
def reserve_stock(request: HttpRequest) -> HttpResponse:
    """``POST /jobs/reserve-stock``."""
    failure = SWITCHES.find(WORKER, "http_5xx")
    if failure:
        status = failure.parameters["status"]
        log.error("simulated failure of the worker", extra={"httpStatus": status})
        return answer({"error": "simulated failure of the worker"}, status=status)
    try:
        done = jobs.run(parse_job(request.body))
    except BadRequestError as error:
        return refuse(request, error)
    except UnknownSkuError as error:
        return refuse(request, BadRequestError(f"unknown sku {str(error)!r}", field="sku"))
    return answer(done.as_json())


@require_GET
def reservation(_request: HttpRequest, order_id: str) -> HttpResponse:
    """``GET /reservations/{orderId}``: what the worker did for an order."""
    parsed = parse_uuid(order_id)
    found = listing.of_order(parsed) if parsed else None
    return answer({"error": "not found"}, status=404) if found is None else answer(found)


@require_GET
def reservations(request: HttpRequest) -> HttpResponse:
    """``GET /reservations``: all that the worker did, a page at a time."""
    try:
        return answer(listing.list_reservations(request.GET))
    except BadRequestError as error:
        return refuse(request, error)


@require_GET
def stock(_request: HttpRequest) -> HttpResponse:
    """``GET /stock``."""
    return answer(listing.stock())


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
