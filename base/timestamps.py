"""Timestamps of the lab's APIs and log lines: UTC, milliseconds, ``Z``."""

from __future__ import annotations

from datetime import UTC, datetime


def timestamp(moment: datetime) -> str:
    """Format ``moment``, which must be aware."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def now() -> str:
    """Format the current time."""
    return timestamp(datetime.now(UTC))
