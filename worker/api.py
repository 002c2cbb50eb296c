"""The worker's calls."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from django.views.decorators.http import require_GET, require_http_methods, require_POST

from boundary import request_id as request_ids
from boundary import time_left
from boundary.errors import BadTimeLeftError
from service.answers import answer, refusal, refuse
from service.errors import BadRequestError, RefusedError
from service.http.wsgi import RECEIVED
from service.internal import for_the_lab_only
from service.parsing import parse_uuid
from service.simulation import simulated
from systems.orders import WORKER
from worker import jobs, listing
from worker.defences import DEADLINE, DEFENCES
from worker.errors import StartedOverError, TooLateError
from worker.faults import SWITCHES
from worker.stock import release as put_back
from worker.wire import parse_job

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

log = logging.getLogger("worker")

_TIME_LEFT = "HTTP_" + time_left.HEADER.upper().replace("-", "_")


@require_POST
def reserve_stock(request: HttpRequest) -> HttpResponse:
    """``POST /jobs/reserve-stock``."""
    failure = simulated.failure(SWITCHES, WORKER)
    if failure is not None:
        return failure
    try:
        done = jobs.run(parse_job(request.body), awaited_until=_awaited_until(request))
    except (TooLateError, StartedOverError) as error:
        # Logged where the job was not begun; of what was started over nothing is kept.
        return refusal(error)
    except RefusedError as error:
        return refuse(request, error)
    return answer(done.as_json())


def _awaited_until(request: HttpRequest) -> float | None:
    """When the caller gives up, in monotonic seconds; None when that is not to be heeded."""
    if not DEFENCES[DEADLINE]:
        return None
    try:
        left_ms = time_left.read(request.META.get(_TIME_LEFT))
    except BadTimeLeftError as error:
        raise BadRequestError(str(error), field=time_left.HEADER) from None
    if left_ms is None:
        return None
    # From when the call was whole: waiting for a thread counts as well.
    received: float = request.META.get(RECEIVED) or time.monotonic()
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
