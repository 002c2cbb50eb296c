"""Timestamps of the lab's APIs and log lines: UTC, milliseconds, ``Z``."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache


def timestamp(moment: datetime) -> str:
    """Format ``moment``, which must be aware."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def of_seconds(seconds: float) -> str:
    """Format a moment given in seconds since 1970."""
    whole, micro = divmod(round(seconds * 1_000_000), 1_000_000)
    return f"{_second(whole)}.{micro // 1_000:03d}Z"


@lru_cache(maxsize=4)
def _second(whole: int) -> str:
    return datetime.fromtimestamp(whole, UTC).replace(tzinfo=None).isoformat()


def now() -> str:
    """Format the current time."""
    return timestamp(datetime.now(UTC))
