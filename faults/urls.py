"""Routes of the faults."""

from __future__ import annotations

from django.urls import path

from faults import api

urlpatterns = [
    path("api/faults", api.faults),
    path("api/faults/<str:fault_id>", api.fault),
]
