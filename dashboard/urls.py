"""Routes of the page."""

from __future__ import annotations

from django.urls import path

from dashboard import views

urlpatterns = [
    path("", views.lab, name="lab"),
    path("orders/<str:order_id>", views.lab, name="order"),
    path("traces", views.traces, name="traces"),
    path("traces/<str:trace_id>", views.trace, name="trace"),
    path("experiments", views.experiments, name="experiments"),
    path("compare", views.compare, name="compare"),
    path("api/orders", views.orders, name="orders"),
    path("internal/changes", views.changes),
]
