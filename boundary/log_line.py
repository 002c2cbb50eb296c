"""The contract's log line: one JSON object a line."""

from __future__ import annotations

import logging
from typing import Any

import orjson
from opentelemetry import trace

from base.log_levels import level_name
from base.log_records import extra_fields
from base.timestamps import of_seconds
from boundary import request_id

FIELDS = (
    "boundary",
    "attempt",
    "maxAttempts",
    "timeoutMs",
    "elapsedMs",
    "errorKind",
    "httpStatus",
)
"""Fields that a record has at a boundary only, in the order of the line."""


class JsonLineFormatter(logging.Formatter):
    """Formats a record as the contract's JSON line; further fields given by ``extra`` follow."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        return orjson.dumps(
            self.fields(record), default=str, option=orjson.OPT_NON_STR_KEYS
        ).decode()

    def fields(self, record: logging.LogRecord) -> dict[str, Any]:
        """Return the line as an object, in the order of the contract."""
        line: dict[str, Any] = {
            "ts": of_seconds(record.created),
            "service": self._service,
            "level": level_name(record.levelno),
            "msg": record.getMessage(),
        }
        extra = extra_fields(record)
        current_request, current_order = request_id.current_ids()
        if request := extra.pop("requestId", None) or current_request:
            line["requestId"] = request
        if order := extra.pop("orderId", None) or current_order:
            line["orderId"] = order
        span = trace.get_current_span().get_span_context()
        if span.is_valid:
            line["traceId"] = f"{span.trace_id:032x}"
            line["spanId"] = f"{span.span_id:016x}"
        for name in FIELDS:
            if extra.get(name) is not None:
                line[name] = extra.pop(name)
        line |= {name: value for name, value in extra.items() if value is not None}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return line
