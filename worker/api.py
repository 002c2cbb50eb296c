"""The worker's calls: thin, each reads, asks its room and answers."""

from __future__ import annotations

import hmac
import logging
import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from boundary import fault_door, time_left
from boundary import request_id as request_ids
from boundary.defences import BadDefenceError
from boundary.fault_door import BadFaultError
from worker import jobs, listing
from worker.answers import answer, refuse
from worker.defences import DEADLINE, DEFENCES
from worker.faults import ALLOWED, SWITCHES, WORKER
from worker.stock import UnknownSkuError
from worker.stock import release as put_back
from worker.wire import BadRequestError, parse_job, parse_object, parse_uuid

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger("worker")

_TIME_LEFT = "HTTP_" + time_left.HEADER.upper().replace("-", "_")
_RECEIVED = "HTTP_X_LAB_RECEIVED"


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
        done = jobs.run(parse_job(request.body), awaited_until=_awaited_until(request))
    except BadRequestError as error:
        return refuse(request, error)
    except jobs.TooLateError as error:
        return answer({"error": str(error)}, status=504)
    except UnknownSkuError as error:
        return refuse(request, BadRequestError(f"unknown sku {str(error)!r}", field="sku"))
    return answer(done.as_json())


def _awaited_until(request: HttpRequest) -> float | None:
    """When the caller gives up, in monotonic seconds; None when that is not to be heeded."""
    if not DEFENCES[DEADLINE]:
        return None
    try:
        left_ms = time_left.read(request.META.get(_TIME_LEFT))
    except time_left.BadTimeLeftError as error:
        raise BadRequestError(str(error), field=time_left.HEADER) from None
    if left_ms is None:
        return None
    # From when the call was whole: waiting for a thread counts as well.
    received = float(request.META.get(_RECEIVED) or time.monotonic())
    return received + left_ms / 1_000


@require_http_methods(["GET", "DELETE"])
def reservation(request: HttpRequest, order_id: str) -> HttpResponse:
    """``/reservations/{orderId}``: what the worker did for an order; release it, for the API."""
    if request.method == "DELETE":
        return release(request, order_id=order_id)
    parsed = parse_uuid(order_id)
    found = listing.of_order(parsed) if parsed else None
    return answer({"error": "not found"}, status=404) if found is None else answer(found)


@for_the_lab_only
def release(request: HttpRequest, *, order_id: str) -> HttpResponse:
    """``DELETE /reservations/{orderId}``: the order is cancelled; doing it again does nothing."""
    parsed = parse_uuid(order_id)
    if parsed is None:
        return refuse(request, BadRequestError("orderId must be a UUID", field="orderId"))
    request_id = request_ids.choose(request.META.get("HTTP_X_REQUEST_ID"), request_ids.current())
    request_ids.carry(request_id=request_id, order_id=str(parsed))
    released = put_back(parsed, request_id=request_id)
    log.info("stock released" if released else "nothing to release", extra={"count": released})
    return answer({"ok": True, "released": released})


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
