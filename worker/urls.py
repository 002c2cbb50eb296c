"""Routes of the worker."""

from __future__ import annotations

from django.urls import path

from worker import api

urlpatterns = [
    path("jobs/reserve-stock", api.reserve_stock),
    path("reservations", api.reservations),
    path("reservations/<str:order_id>", api.reservation),
    path("stock", api.stock),
    path("internal/defences", api.defences),
    path("internal/faults", api.faults),
    path("internal/faults/<str:fault_id>", api.fault),
]
