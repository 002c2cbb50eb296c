"""Routes of telemetry's reads; OTLP comes in by `telemetry.otlp.endpoint`."""

from __future__ import annotations

from django.urls import path

from telemetry import api

urlpatterns = [
    path("api/traces", api.traces),
    path("api/traces/<str:trace_id>", api.trace),
    path("api/traces/<str:trace_id>/spans", api.trace_spans),
    path("api/traces/<str:trace_id>/packed", api.trace_packed),
    path("api/traces/<str:trace_id>/attribute", api.trace_attribute),
    path("api/traces/<str:trace_id>/spans/<str:span_id>", api.trace_span),
    path("api/compare", api.comparison),
    path("api/distribution", api.distribution),
    path("api/logs", api.logs),
    path("api/telemetry", api.telemetry),
    path("api/export", api.export),
    path("api/import", api.import_records),
]
