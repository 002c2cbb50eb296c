"""Tests of how long records are gathered."""

from __future__ import annotations

import pytest

from base.pace import pause_after


def test_little_is_sent_soon() -> None:
    assert pause_after(0, least_seconds=0.05, now=7.2) == 0.05
    assert pause_after(4, least_seconds=0.05, now=7.2) == 0.1


@pytest.mark.parametrize(("now", "pause"), [(7.0, 0.5), (7.125, 0.375), (7.75, 0.25)])
def test_a_flood_is_gathered_to_the_same_moments_by_all(now: float, pause: float) -> None:
    assert pause_after(10_000, least_seconds=0.05, now=now) == pause


def test_who_is_slow_by_itself_is_not_made_faster() -> None:
    assert pause_after(10_000, least_seconds=1.0, now=7.0) == 1.0
