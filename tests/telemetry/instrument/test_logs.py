"""A log record of the standard library keeps its level on its way to OpenTelemetry."""

from __future__ import annotations

import logging

import pytest
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor

from telemetry.instrument.logs import OpenTelemetryHandler


@pytest.mark.parametrize(
    ("level", "text", "number"),
    [
        (logging.INFO, "INFO", 9),
        (logging.WARNING, "WARN", 13),
        (logging.ERROR, "ERROR", 17),
        (logging.CRITICAL, "FATAL", 21),
    ],
)
def test_severity_text_and_number_agree(level: int, text: str, number: int) -> None:
    exporter = InMemoryLogRecordExporter()  # type: ignore[no-untyped-call] # so in the SDK
    provider = LoggerProvider()
    provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
    handler = OpenTelemetryHandler(provider, baggage_names={})
    handler.emit(logging.makeLogRecord({"msg": "hello", "name": "orders", "levelno": level}))
    (sent,) = exporter.get_finished_logs()
    severity = sent.log_record.severity_number
    assert (sent.log_record.severity_text, severity and severity.value) == (text, number)
