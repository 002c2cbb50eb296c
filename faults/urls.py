"""Routes of the faults."""

from __future__ import annotations

from django.urls import path

from faults import api
from faults.links import api as links

urlpatterns = [
    path("api/faults", api.faults),
    path("api/faults/<str:fault_id>", api.fault),
    path("api/system", links.system),
    path("api/links", links.links),
    path("api/links/<str:name>", links.link),
]
