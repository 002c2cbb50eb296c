"""What a log record was given beside what every record has."""

from __future__ import annotations

import logging
from typing import Any

_OF_EVERY_RECORD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def extra_fields(record: logging.LogRecord) -> dict[str, Any]:
    """Return what was given to ``record`` by ``extra``."""
    return {name: value for name, value in vars(record).items() if name not in _OF_EVERY_RECORD}
