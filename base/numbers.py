"""Integers from untrusted text: bounded before they are converted."""

from __future__ import annotations


def whole_number(text: str, *, lowest: int = 0, highest: int) -> int | None:
    """Read decimal digits as a number from ``lowest`` to ``highest``; None for anything else.

    Signs and spaces are refused. Text longer than ``highest`` is not converted: that takes
    quadratic time, and Python refuses it above 4,300 digits.
    """
    if not text.isascii() or not text.isdecimal() or len(text) > len(str(highest)):
        return None
    value = int(text)
    return value if lowest <= value <= highest else None
