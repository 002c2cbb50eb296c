"""Telemetry of the api and the worker."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from django.conf import settings

from base.env import ENV
from telemetry.instrument.setup import install

if TYPE_CHECKING:
    from telemetry.instrument.setup import Telemetry


def instrument(service: str, *, supervised: bool = True) -> Telemetry:
    """Install the SDK for ``service`` and trace its requests; before the application is built.

    ``supervised`` is False for a process whose death the supervisor would not notice.
    """
    # The current HTTP conventions; the older ones are still its default.
    os.environ.setdefault("OTEL_SEMCONV_STABILITY_OPT_IN", "http")  # noqa: TID251 (read there by the instrumentation)
    telemetry = install(
        service,
        endpoint=ENV.otlp_endpoint,
        enabled=ENV.telemetry,
        spans=ENV.exports_spans,
        logs=ENV.exports_logs,
        export_delay_ms=ENV.telemetry_delay_ms,
        report_pid=supervised,
    )
    if ENV.telemetry and ENV.exports_spans:
        # After the guard: a request that it refuses is not one of the service's.
        settings.MIDDLEWARE.append("service.http.spans.ServerSpans")
    return telemetry
