"""Setting up a process's telemetry: providers, exporters, propagators, instrumentation.

Whatever becomes of the observer, the process goes on: everything is queued, exported by threads of
its own, and counted when it is lost.
"""

from __future__ import annotations

import logging
import os
import uuid
from typing import TYPE_CHECKING

from opentelemetry import propagate, trace
from opentelemetry.context import Context, attach, detach
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.propagators.composite import CompositePropagator
from opentelemetry.sdk.resources import Resource

from telemetry.instrument.awaiting import StartOf
from telemetry.instrument.batching import LOST_LOGS, LOST_MESSAGE, LOST_SPANS, Batcher
from telemetry.instrument.carrying import Baggage, TraceContext
from telemetry.instrument.encoding import logs_request, trace_request
from telemetry.instrument.exporting import Exporter
from telemetry.instrument.logs import OpenTelemetryHandler
from telemetry.instrument.open_spans import OpenSpans
from telemetry.instrument.tracer import Tracers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from telemetry.instrument.logs import EmittedRecord
    from telemetry.instrument.span import RecordedSpan

log = logging.getLogger("telemetry")

BAGGAGE_NAMES = {"request.id": "requestId", "order.id": "orderId"}
"""Baggage keys that go on every span as they are, and on every log record under the other name."""

_EXPORT_TIMEOUT_SECONDS = 5.0
_STOP_SECONDS = 1.0
_STARTED_AFTER_MS = 150


class Telemetry:
    """The telemetry of this process, once installed."""

    def __init__(self) -> None:
        self._spans: Batcher[RecordedSpan] | None = None
        self._logs: Batcher[EmittedRecord] | None = None
        self._open: OpenSpans | None = None
        self._told = (0, 0)

    def dropped(self) -> tuple[int, int]:
        """Count the spans and the log records that never reached the observer."""
        return (
            self._spans.lost if self._spans else 0,
            self._logs.lost if self._logs else 0,
        )

    def shutdown(self) -> None:
        """Export what is queued; takes a few seconds at most when the observer is gone."""
        if self._open:
            self._open.shutdown()
        if self._spans:
            self._spans.stop(seconds=_STOP_SECONDS)
        self._report_losses()
        if self._logs:
            self._logs.stop(seconds=_STOP_SECONDS)

    def _report_losses(self) -> None:
        dropped = self.dropped()
        if dropped != self._told:
            self._told = dropped
            # Out of the exporting thread's context, in which nothing is reported.
            token = attach(Context())
            log.warning(LOST_MESSAGE, extra={LOST_SPANS: dropped[0], LOST_LOGS: dropped[1]})
            detach(token)


def install(
    service_name: str,
    *,
    endpoint: str,
    enabled: bool = True,
    spans: bool = True,
    logs: bool = True,
    export_delay_ms: int = 100,
    baggage_names: Mapping[str, str] = BAGGAGE_NAMES,
    report_pid: bool = True,
) -> Telemetry:
    """Make this process send its spans and log records to the observer at ``endpoint``.

    ``report_pid`` is for processes of which somebody could say that they died.

    To be called once, before the first span. With ``enabled`` false only the propagators are
    installed: ids still travel. Without ``spans``, or ``logs``, those are not recorded.
    """
    propagate.set_global_textmap(CompositePropagator([TraceContext(), Baggage()]))
    telemetry = Telemetry()
    if not enabled:
        return telemetry
    resource = Resource.create(
        {
            "service.name": service_name,
            "service.instance.id": str(uuid.uuid4()),
            **({"process.pid": os.getpid()} if report_pid else {}),
        }
    )
    if spans:
        _install_tracing(telemetry, resource, endpoint, export_delay_ms, baggage_names)
    if logs:
        _install_logging(telemetry, resource, endpoint, export_delay_ms, baggage_names)
    RequestsInstrumentor().instrument()
    return telemetry


def _install_tracing(
    telemetry: Telemetry,
    resource: Resource,
    endpoint: str,
    delay_ms: int,
    names: Mapping[str, str],
) -> None:
    exporter = Exporter(f"{endpoint}/v1/traces", timeout_seconds=_EXPORT_TIMEOUT_SECONDS)

    def export(batch: Sequence[RecordedSpan]) -> bool:
        return exporter.send(trace_request(resource, batch))

    queue = telemetry._spans = Batcher(
        "telemetry-spans", export, delay_ms=delay_ms, is_awaited=StartOf(endpoint).is_awaited
    )
    still_open = telemetry._open = OpenSpans(
        f"{endpoint}/v1/started", resource, after_ms=_STARTED_AFTER_MS
    )

    def ended(span: RecordedSpan) -> None:
        still_open.ended(span)
        queue.put(span)

    trace.set_tracer_provider(Tracers(baggage_keys=names, started=still_open.started, ended=ended))


def _install_logging(
    telemetry: Telemetry,
    resource: Resource,
    endpoint: str,
    delay_ms: int,
    names: Mapping[str, str],
) -> None:
    exporter = Exporter(f"{endpoint}/v1/logs", timeout_seconds=_EXPORT_TIMEOUT_SECONDS)

    def export(batch: Sequence[EmittedRecord]) -> bool:
        exported = exporter.send(logs_request(resource, batch))
        if exported:
            # The observer is there again: first it is sent what it has missed.
            telemetry._report_losses()
        return exported

    telemetry._logs = Batcher(
        "telemetry-logs", export, delay_ms=delay_ms, is_awaited=StartOf(endpoint).is_awaited
    )
    handler = OpenTelemetryHandler(telemetry._logs.put, baggage_names=names)
    logging.getLogger().addHandler(handler)
