"""Standard library log records as OpenTelemetry's: message, severity, fields given by ``extra``."""

from __future__ import annotations

import logging
import time
import traceback
from typing import TYPE_CHECKING, Any

from opentelemetry import baggage, trace
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.context import get_current
from opentelemetry.instrumentation.utils import is_instrumentation_enabled

from base.log_levels import level_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry._logs import Logger
    from opentelemetry.sdk._logs import LoggerProvider

_OF_EVERY_RECORD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_SEVERITY = {
    logging.DEBUG: SeverityNumber.DEBUG,
    logging.INFO: SeverityNumber.INFO,
    logging.WARNING: SeverityNumber.WARN,
    logging.ERROR: SeverityNumber.ERROR,
    logging.CRITICAL: SeverityNumber.FATAL,
}


class OpenTelemetryHandler(logging.Handler):
    """Sends each record on, with the chosen baggage of its context under the names given."""

    def __init__(self, provider: LoggerProvider, *, baggage_names: Mapping[str, str]) -> None:
        super().__init__()
        self._provider = provider
        self._baggage_names = tuple(baggage_names.items())
        self._loggers: dict[str, Logger] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Translate ``record`` and emit it."""
        if not is_instrumentation_enabled():
            # A record about exporting would be exported, and so on.
            return
        context = get_current()
        span = trace.get_current_span(context).get_span_context()
        logger = self._loggers.get(record.name)
        if logger is None:
            logger = self._provider.get_logger(record.name)
            self._loggers[record.name] = logger
        logger.emit(
            LogRecord(
                timestamp=int(record.created * 1e9),
                observed_timestamp=time.time_ns(),
                trace_id=span.trace_id,
                span_id=span.span_id,
                trace_flags=span.trace_flags,
                severity_text=level_name(record.levelno),
                severity_number=_SEVERITY.get(record.levelno, SeverityNumber.UNSPECIFIED),
                body=record.getMessage(),
                attributes=self._attributes(record, baggage.get_all(context)),
            )
        )

    def _attributes(
        self, record: logging.LogRecord, carried: Mapping[str, object]
    ) -> dict[str, Any]:
        attributes: dict[str, Any] = {
            name: value if isinstance(value, str | bool | int | float) else str(value)
            for name, value in vars(record).items()
            if name not in _OF_EVERY_RECORD and value is not None
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
