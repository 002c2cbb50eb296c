"""Standard library log records as OpenTelemetry's: message, severity, fields given by ``extra``."""

from __future__ import annotations

import logging
import time
import traceback
from typing import TYPE_CHECKING, Any, NamedTuple

from opentelemetry.context import get_current

from base.log_levels import level_name
from base.log_records import extra_fields
from telemetry.instrument.context import baggage_in, is_suppressed_in, span_context_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from opentelemetry.trace import SpanContext

# OpenTelemetry's severity numbers; its log data model maps these levels so.
_SEVERITY = {
    logging.DEBUG: 5,
    logging.INFO: 9,
    logging.WARNING: 13,
    logging.ERROR: 17,
    logging.CRITICAL: 21,
}


_SIMPLE = (str, bool, int, float)


class EmittedRecord(NamedTuple):
    """A log record on its way; ``scope`` is its logger's name. Times in ns since 1970."""

    scope: str
    time: int
    observed_time: int
    severity_number: int
    severity_text: str
    body: str
    attributes: dict[str, Any]
    context: SpanContext


class OpenTelemetryHandler(logging.Handler):
    """Hands each record to ``emitted``, with chosen baggage of its context under other names."""

    def __init__(
        self, emitted: Callable[[EmittedRecord], object], *, baggage_names: Mapping[str, str]
    ) -> None:
        super().__init__()
        self._emitted = emitted
        self._baggage_names = tuple(baggage_names.items())

    def handle(self, record: logging.LogRecord) -> bool:
        """Take ``record`` without a lock, of which a queue has no need."""
        self.emit(record)
        return True

    def emit(self, record: logging.LogRecord) -> None:
        """Translate ``record`` and hand it on."""
        context = get_current()
        if is_suppressed_in(context):
            # A record about exporting would be exported, and so on.
            return
        self._emitted(
            EmittedRecord(
                scope=record.name,
                time=int(record.created * 1e9),
                observed_time=time.time_ns(),
                severity_number=_SEVERITY.get(record.levelno, 0),
                severity_text=level_name(record.levelno),
                body=record.getMessage(),
                attributes=self._attributes(record, baggage_in(context)),
                context=span_context_in(context),
            )
        )

    def _attributes(
        self, record: logging.LogRecord, carried: Mapping[str, object]
    ) -> dict[str, Any]:
        attributes: dict[str, Any] = {
            name: value if isinstance(value, _SIMPLE) else str(value)
            for name, value in extra_fields(record).items()
            if value is not None
        }
        if carried:
            for key, name in self._baggage_names:
                value = carried.get(key)
                if isinstance(value, str):
                    attributes.setdefault(name, value)
        if record.exc_info and record.exc_info[0] is not None:
            attributes["exception.type"] = record.exc_info[0].__qualname__
            attributes["exception.message"] = str(record.exc_info[1])
            attributes["exception.stacktrace"] = "".join(
                traceback.format_exception(*record.exc_info)
            )
        return attributes
