"""Telemetry of the api and the worker: the SDK, and OpenTelemetry's Django instrumentation."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from django.conf import settings
from opentelemetry.instrumentation.django import DjangoInstrumentor

from base.env import ENV
from telemetry.instrument.setup import Telemetry, install

if TYPE_CHECKING:
    from django.http import HttpRequest

# Polled by machines; they belong to no request of a learner.
_NOT_TRACED = (
    "healthz",
    "readyz",
    "internal/faults",
    "internal/defences",
    "internal/state/",
    "internal/start-over",
    "static/",
)


def instrument(service: str, *, supervised: bool = True) -> Telemetry:
    """Install the SDK for ``service`` and trace its requests; before the application is built.

    ``supervised`` is False for a process whose death the supervisor would not notice.
    """
    # The current HTTP conventions; the instrumentations still default to the older ones.
    os.environ.setdefault("OTEL_SEMCONV_STABILITY_OPT_IN", "http")  # noqa: TID251 (read there by the instrumentations)
    telemetry = install(
        service,
        endpoint=ENV.otlp_endpoint,
        enabled=ENV.telemetry,
        export_delay_ms=ENV.telemetry_delay_ms,
        report_pid=supervised,
    )
    if ENV.telemetry:
        DjangoInstrumentor().instrument(
            excluded_urls=",".join(_NOT_TRACED),
            request_hook=_name_by_route,
            middleware_position=_position(),
        )
    return telemetry


def _position() -> int:
    # After the guard: a request that it refuses is not one of the service's.
    return len(settings.MIDDLEWARE)


def _name_by_route(span: Any, _request: HttpRequest) -> None:
    """Name the span ``{method} {route}`` as the conventions do, with the route's leading slash."""
    if span.is_recording():
        method, _, route = span.name.partition(" ")
        if route:
            span.update_name(f"{method} /{route}")
