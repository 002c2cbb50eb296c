"""Every route of the observer, port 8000. OTLP has a door of its own, in `labsite.asgi`."""

from __future__ import annotations

from django.urls import include, path

from labsite.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("", include("telemetry.urls")),
    path("", include("evidence.urls")),
    path("", include("faults.urls")),
    path("", include("defences.urls")),
    path("", include("experiments.urls")),
    path("", include("dashboard.urls")),
]
