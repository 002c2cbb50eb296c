"""Every route of the api, port 4000."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponseRedirect
from django.urls import include, path

from service.health import healthz, readyz

if TYPE_CHECKING:
    from django.http import HttpRequest


def to_page(_request: HttpRequest) -> HttpResponseRedirect:
    """Redirect a browser to the page."""
    return HttpResponseRedirect(settings.LAB_PAGE_ORIGINS[0])


urlpatterns = [
    path("", to_page),
    path("healthz", healthz),
    path("readyz", readyz),
    path("", include("orders.urls")),
]
