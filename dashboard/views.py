"""The page, and the URL of every order: the same page, opened on that order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST, require_safe

from base.errors import LabError
from boundary.error_kind import ErrorKind
from dashboard import both_sides
from dashboard.live_orders import LIVE_ORDERS
from service.answers import refusal
from service.errors import BadRequestError, RefusedError
from service.internal import for_the_lab_only
from service.parsing import parse_object, parse_uuid
from systems.current import SYSTEM
from systems.orders import is_open_to_callbacks, takes_orders
from systems.running import RUNNING
from telemetry.reading import queries
from telemetry.reading.outlines.outline import outline

if TYPE_CHECKING:
    from django.http import HttpRequest


_FIRST_SPANS = 500


@require_safe
def lab(request: HttpRequest, order_id: str = "") -> HttpResponse:
    """Render the page; of a system without orders, the one that lists its requests."""
    template = "lab.html" if takes_orders(SYSTEM) else "own_system.html"
    config = {
        "clientUrl": settings.LAB_CLIENT_URL,
        "orderId": order_id,
        "system": RUNNING.system.as_json(),
    }
    is_open = settings.LAB_OPEN_CALLBACK or is_open_to_callbacks(SYSTEM)
    context = {"config": config, "page": "lab", "open_callback": is_open}
    return render(request, template, context)


@require_safe
def traces(request: HttpRequest) -> HttpResponse:
    """Render the list of traces; its filters stand in the URL and are the page's own to read."""
    kinds = [kind.value for kind in ErrorKind]
    return render(request, "traces.html", {"page": "traces", "config": {}, "error_kinds": kinds})


@require_safe
def trace(request: HttpRequest, trace_id: str) -> HttpResponse:
    """Render one trace, with the first of its spans.

    The feed goes on from where it was before they were read.
    """
    trace_id = trace_id.strip().lower()
    config = {"cursor": queries.newest_seq()}
    first = {"traceId": trace_id, **outline(trace_id, limit=_FIRST_SPANS)}
    context = {"page": "traces", "config": config, "trace_id": trace_id, "first": first}
    return render(request, "trace.html", context)


@require_safe
def experiments(request: HttpRequest) -> HttpResponse:
    """Render the experiments, their runs and the matrix."""
    return render(request, "experiments.html", {"page": "experiments", "config": {}})


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Render two traces side by side, ``a`` and ``b`` of the query."""
    chosen = {name: request.GET.get(name, "") for name in ("a", "b")}
    return render(request, "compare.html", {"page": "traces", "config": {}, **chosen})


@require_POST
@for_the_lab_only
def changes(request: HttpRequest) -> HttpResponse:
    """``POST /internal/changes``: a service's hint, ``{orderIds}`` or ``{any: true}``."""
    try:
        body = parse_object(request.body)
    except RefusedError as error:
        return refusal(error)
    order_ids = body.get("orderIds", [])
    if not isinstance(order_ids, list) or not all(parse_uuid(each) for each in order_ids):
        return refusal(BadRequestError("orderIds must be UUIDs", field="orderIds"))
    if body.get("any") is True:
        LIVE_ORDERS.any_changed()
    LIVE_ORDERS.changed(order_ids=order_ids)
    return HttpResponse(status=204)


@require_GET
def orders(request: HttpRequest) -> HttpResponse:
    """``GET /api/orders``: each order as both services hold it."""
    try:
        listed = both_sides.orders(
            limit=request.GET.get("limit", "50"), cursor=request.GET.get("cursor", "")
        )
    except LabError as error:
        return JsonResponse({"error": error.detail}, status=400)
    return JsonResponse(listed)
