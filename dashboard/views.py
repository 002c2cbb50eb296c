"""The page, and the URL of every order: the same page, opened on that order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_safe

from boundary.error_kind import ErrorKind
from dashboard import both_sides

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def lab(request: HttpRequest, order_id: str = "") -> HttpResponse:
    """Render the page."""
    config = {"clientUrl": settings.LAB_CLIENT_URL, "orderId": order_id}
    return render(request, "lab.html", {"config": config, "page": "lab"})


@require_safe
def traces(request: HttpRequest) -> HttpResponse:
    """Render the list of traces; its filters stand in the URL and are the page's own to read."""
    kinds = [kind.value for kind in ErrorKind]
    return render(request, "traces.html", {"page": "traces", "config": {}, "error_kinds": kinds})


@require_safe
def trace(request: HttpRequest, trace_id: str) -> HttpResponse:
    """Render one trace."""
    return render(request, "trace.html", {"page": "traces", "config": {}, "trace_id": trace_id})


@require_safe
def experiments(request: HttpRequest) -> HttpResponse:
    """Render the experiments, their runs and the matrix."""
    return render(request, "experiments.html", {"page": "experiments", "config": {}})


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Render two traces side by side, ``a`` and ``b`` of the query."""
    chosen = {name: request.GET.get(name, "") for name in ("a", "b")}
    return render(request, "compare.html", {"page": "traces", "config": {}, **chosen})


@require_GET
def orders(request: HttpRequest) -> HttpResponse:
    """``GET /api/orders``: each order as both services hold it."""
    try:
        listed = both_sides.orders(
            limit=request.GET.get("limit", "50"), cursor=request.GET.get("cursor", "")
        )
    except both_sides.RefusedError as error:
        return JsonResponse({"error": str(error)}, status=400)
    return JsonResponse(listed)
