"""Routes of the order API."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from orders.defences.names import DEFENCES
from orders.faults import ALLOWED, SWITCHES
from orders.http.api import OrdersView, OrderView
from orders.http.internal import order_events
from orders.http.listing import list_orders
from orders.start_over import start_over
from service import internal

# Their templates have no answer to OPTIONS.
_READ = ["get", "head"]

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
    path("api/schema", SpectacularAPIView.as_view(http_method_names=_READ), name="schema"),
    path(
        "api/docs",
        SpectacularSwaggerSplitView.as_view(url_name="schema", http_method_names=_READ),
        name="docs",
    ),
]
