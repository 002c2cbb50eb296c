"""The bench while orders come: it stays smooth, and keeps no more than it shows.

The figures on a quiet machine are the benchmark's (``benchmarks/at_work.py``); here the bounds grow
with how many processes share a core, so that a machine with other work holds them too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psutil
import pytest
from playwright.sync_api import expect

from benchmarks.at_work import Watch, cls, open_watched, steady
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.timeout(240)]

_RATE = 5
_SECONDS = 60
# With the whole log open, in which a late line is put in its place; else under 0.02.
_MOST_SHIFT = 0.05
# A quiet machine: 33 ms, 200 ms.
_MOST_P95_MS = 150
_MOST_TASK_MS = 600
# Of the thread for an order, by its own clock, which other programs hardly slow down: four fifths.
# A slow machine took half.
_MOST_THREAD_MS = 800 / _RATE
_MOST_GROWTH = 4_000_000
_MOST_NEW_NODES = 4_000
# Of the log, whose older lines are dropped.
_FILLED_AT = 400


@pytest.mark.long
def test_a_minute_of_five_orders_a_second(page: Page, lab: LabProcesses) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    open_watched(page, lab.observer_url)
    page.get_by_role("tab", name="Everything").click()
    with steady(page, 20):
        eventually(lambda: page.locator("lab-stream li").count() >= _FILLED_AT, seconds=60)
    watch = Watch(page)
    with steady(page, _RATE):
        page.wait_for_timeout(_SECONDS / 2 * 1_000)
        first = watch.take()
        page.wait_for_timeout(_SECONDS / 2 * 1_000)
        second = watch.take()
    sharing = max(1.0, psutil.getloadavg()[0] / (psutil.cpu_count() or 1))
    expect(page.locator("lab-orders tbody tr")).to_have_count(50)
    for half in (first, second):
        assert half.cls < _MOST_SHIFT, half.moved
        assert half.frame_p95 <= _MOST_P95_MS * sharing
        assert half.longest_task <= _MOST_TASK_MS * sharing
        assert half.thread / (_RATE * _SECONDS / 2) <= _MOST_THREAD_MS
    assert second.heap - first.heap <= _MOST_GROWTH
    assert second.nodes - first.nodes <= _MOST_NEW_NODES


def test_what_moves_is_counted_in_windows_of_which_the_worst_counts() -> None:
    assert cls([]) == 0
    assert cls([(0, 0.01), (900, 0.01), (3_000, 0.015)]) == pytest.approx(0.02)
    steadily = [(second * 900.0, 0.01) for second in range(12)]
    # Five seconds at the most.
    assert cls(steadily) == pytest.approx(0.06)
