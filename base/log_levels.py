"""The names of log levels, the same in every process, log line and record."""

from __future__ import annotations

import logging
from functools import cache

_NAMES = (
    (logging.CRITICAL, "FATAL"),
    (logging.ERROR, "ERROR"),
    (logging.WARNING, "WARN"),
    (logging.INFO, "INFO"),
)
_PYTHONS = {"WARNING": "WARN", "CRITICAL": "FATAL"}


@cache
def level_name(number: int) -> str:
    """Return the name of one of Python's levels: `DEBUG`, `INFO`, `WARN`, `ERROR` or `FATAL`."""
    return next((name for lowest, name in _NAMES if number >= lowest), "DEBUG")


def normalized(name: str) -> str:
    """Return the current name for that of another program or an older lab."""
    upper = name.strip().upper()
    return _PYTHONS.get(upper, upper)


def spellings(name: str) -> list[str]:
    """List every name under which records of this level are stored."""
    current = normalized(name)
    return [current, *(python for python, ours in _PYTHONS.items() if ours == current)]
