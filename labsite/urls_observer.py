"""Every route of the observer, port 8000. OTLP has a door of its own, in `labsite.asgi`."""

from __future__ import annotations

from django.urls import include, path
from django.views.i18n import set_language

from labsite.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("language", set_language, name="set_language"),
    path("", include("telemetry.urls")),
    path("", include("evidence.urls")),
    path("", include("faults.urls")),
    path("", include("defences.urls")),
    path("", include("experiments.urls")),
    path("", include("lesson.urls")),
    path("", include("dashboard.urls")),
]
