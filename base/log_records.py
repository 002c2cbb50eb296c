"""What a log record was given beside what every record has."""

from __future__ import annotations

import logging
from itertools import islice
from typing import Any

_FIRST = len(vars(logging.makeLogRecord({})))
_SET_LATER = frozenset({"message", "asctime", "taskName"})


def extra_fields(record: logging.LogRecord) -> dict[str, Any]:
    """Return what was given to ``record`` by ``extra``."""
    # What every record has was set first.
    others = islice(vars(record).items(), _FIRST, None)
    return {name: value for name, value in others if name not in _SET_LATER}
