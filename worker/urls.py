"""Routes of the worker."""

from __future__ import annotations

from django.urls import path

from service import internal
from worker import api, listing
from worker.defences import DEFENCES
from worker.faults import ALLOWED, SWITCHES
from worker.stock import forget, start_over

urlpatterns = [
    path("jobs/reserve-stock", api.reserve_stock),
    path("reservations", api.reservations),
    path("reservations/<str:order_id>", api.reservation),
    path("stock", api.stock),
    *internal.urls(
        switches=SWITCHES,
        allowed=ALLOWED,
        defences=DEFENCES,
        state={"reservations": listing.list_reservations},
        start_over=start_over,
        forget=forget,
    ),
]
