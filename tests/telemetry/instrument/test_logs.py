"""A log record of the standard library keeps its level on its way to OpenTelemetry."""

from __future__ import annotations

import logging

import pytest
from opentelemetry._logs import SeverityNumber

from telemetry.instrument.logs import EmittedRecord, OpenTelemetryHandler


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
    emitted: list[EmittedRecord] = []
    handler = OpenTelemetryHandler(emitted.append, baggage_names={})
    handler.emit(logging.makeLogRecord({"msg": "hello", "name": "orders", "levelno": level}))
    (record,) = emitted
    assert (record.severity_text, record.severity_number) == (text, number)
    assert SeverityNumber(number).name == text
