"""What a caller can get wrong in the headers that go with a call."""

from __future__ import annotations


class BadTimeLeftError(ValueError):
    """What a caller sent as the time left is no number of milliseconds; the text says so."""
