"""Tests of how long records are gathered."""

from __future__ import annotations

from base.pace import pause_after


def test_little_is_sent_soon_and_a_flood_is_gathered_within_half_a_second() -> None:
    assert pause_after(0, least_seconds=0.05) == 0.05
    assert pause_after(4, least_seconds=0.05) == 0.1
    assert pause_after(10_000, least_seconds=0.05) == 0.5


def test_who_is_slow_by_itself_is_not_made_faster() -> None:
    assert pause_after(10_000, least_seconds=1.0) == 1.0
