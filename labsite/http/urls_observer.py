"""Every route of the observer, port 8000. OTLP is routed in `labsite.http.asgi`."""

from __future__ import annotations

from django.urls import include, path
from django.views.i18n import set_language

from labsite.actions import api as actions
from labsite.problems import listed as problems
from labsite.start_over import start_over
from service.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("api/problems", problems),
    path("api/start-over", start_over),
    path("api/actions", actions.actions),
    path("api/actions/<str:name>", actions.action),
    path("language", set_language, name="set_language"),
    path("", include("telemetry.urls")),
    path("", include("evidence.urls")),
    path("", include("faults.urls")),
    path("", include("defences.urls")),
    path("", include("experiments.urls")),
    path("", include("lesson.urls")),
    path("", include("dashboard.urls")),
]
