"""Routes of the order API."""

from __future__ import annotations

from django.urls import path

from orders.defences.names import DEFENCES
from orders.faults import ALLOWED, SWITCHES
from orders.http import documents
from orders.http.api import OrdersView, OrderView
from orders.http.internal import order_events
from orders.http.listing import list_orders
from orders.start_over import start_over
from service import internal

urlpatterns = [
    path("orders", OrdersView.as_view(), name="orders"),
    path("orders/<str:order_id>", OrderView.as_view(), name="order"),
    path("internal/order-events", order_events),
    *internal.urls(
        switches=SWITCHES,
        allowed=ALLOWED,
        defences=DEFENCES,
        state={"orders": list_orders},
        start_over=start_over,
    ),
    path("api/schema", documents.schema, name="schema"),
    path("api/docs", documents.page, name="docs"),
]
