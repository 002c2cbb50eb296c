"""How the traces that a filter finds are spread over durations and over time."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from telemetry.reading import distribution as spread
from telemetry.reading import search
from tests.telemetry.reading.rows import trace

pytestmark = pytest.mark.django_db(databases=["telemetry"])


def distribution(query: str = "") -> dict[str, Any]:
    return spread.distribution(search.read(QueryDict(query)))


def test_durations_are_counted_in_buckets_from_decade_to_decade() -> None:
    for number, ms in enumerate((2, 3, 30, 40), start=1):
        trace(number, ms=ms)
    trace(5, ms=99, error_count=1)
    counted = distribution()
    buckets = counted["durations"]["buckets"]
    assert [buckets[0]["fromMs"], buckets[-1]["toMs"]] == pytest.approx([1, 100])
    for ms in (2, 3, 30, 40, 99):
        assert any(each["fromMs"] <= ms < each["toMs"] and each["count"] for each in buckets)
    assert (sum(each["count"] for each in buckets), buckets[-1]["errorCount"]) == (5, 1)
    assert (counted["count"], counted["errorCount"], counted["more"]) == (5, 1, False)
    assert counted["durations"]["percentiles"] == {"p50": 30, "p95": 99, "p99": 99}


def test_moments_are_counted_from_the_first_to_the_last() -> None:
    for number in range(1, 11):
        trace(number, error_count=number % 2)
    moments = distribution()["moments"]
    assert int(moments["toUnixNano"]) - int(moments["fromUnixNano"]) == 9_000_000_000
    assert moments["buckets"][0] == {"count": 1, "errorCount": 1}
    assert moments["buckets"][-1] == {"count": 1, "errorCount": 0}
    assert sum(each["count"] for each in moments["buckets"]) == 10


def test_the_filters_of_the_list_hold_here_too() -> None:
    trace(1, ms=5)
    trace(2, ms=500)
    assert distribution("minMs=100")["count"] == 1
    assert distribution("status=error") == {
        "count": 0,
        "errorCount": 0,
        "more": False,
        "durations": {"buckets": [], "percentiles": {}},
        "moments": {"buckets": []},
    }


def test_odd_times_are_counted_all_the_same() -> None:
    trace(1, ms=0)
    trace(2, ms=-5)
    trace(3, ms=10**9, start_ns=0)
    assert sum(each["count"] for each in distribution()["durations"]["buckets"]) == 3


def test_of_very_many_the_newest_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spread, "MOST", 2)
    for number in range(1, 4):
        trace(number, error_count=int(number == 1))
    counted = distribution()
    assert (counted["count"], counted["errorCount"], counted["more"]) == (2, 0, True)
