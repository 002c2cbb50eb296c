"""Integers from untrusted text are bounded before they are converted."""

from __future__ import annotations

import pytest

from base.numbers import whole_number


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("007", 7), ("100", 100)])
def test_digits_are_a_number(text: str, number: int) -> None:
    assert whole_number(text, lowest=1, highest=100) == number


@pytest.mark.parametrize(
    "text",
    ["", "0", "101", "-1", "+1", " 1", "1.0", "1e1", "\u0661", "\u00b2", "9" * 5_000, "0001"],
)
def test_anything_else_is_none(text: str) -> None:
    assert whole_number(text, lowest=1, highest=100) is None
