"""Every route of the worker, port 4001."""

from __future__ import annotations

from django.urls import include, path

from service.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("", include("worker.urls")),
]
