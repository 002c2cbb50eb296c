"""Routes of the order API."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from orders import internal
from orders.api import OrdersView, OrderView

urlpatterns = [
    path("orders", OrdersView.as_view(), name="orders"),
    path("orders/<str:order_id>", OrderView.as_view(), name="order"),
    path("internal/order-events", internal.order_events),
    path("internal/defences", internal.defences),
    path("internal/faults", internal.faults),
    path("internal/faults/<str:fault_id>", internal.fault),
    path("api/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
]
