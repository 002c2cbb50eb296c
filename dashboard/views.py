"""The page, and the URL of every order: the same page, opened on that order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.http import require_safe

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def lab(request: HttpRequest, order_id: str = "") -> HttpResponse:
    """Render the page."""
    config = {"clientUrl": settings.LAB_CLIENT_URL, "orderId": order_id}
    return render(request, "lab.html", {"config": config, "page": "lab"})
