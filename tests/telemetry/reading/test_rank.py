"""A span beside others of its kind: of how many, and how many were faster."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.telemetry.reading.rows import MS, span, trace

pytestmark = [
    pytest.mark.django_db(databases=["telemetry", "default"]),
    pytest.mark.urls("labsite.http.urls_observer"),
]
OF_KIND = {"service": "unknown_service", "name": "GET /", "kind": "SERVER", "data": '{"a":{}}'}


def took(number: int, ms: float, **other: Any) -> None:
    start = number * 1_000 * MS
    end = start + round(ms * MS) if ms else 0
    span(f"{1:032x}", number, **{**OF_KIND, "start_ns": start, "end_ns": end, **other})


def rank(number: int) -> Any:
    url = f"/api/traces/{1:032x}/spans/{number:016x}"
    return Client(headers={"host": "localhost"}).get(url).json()["rank"]


def test_it_is_counted_among_those_of_its_service_name_and_kind() -> None:
    trace(1)
    for number, ms in enumerate([5, 10, 20, 40], start=1):
        took(number, ms)
    took(5, 1, service="worker")
    took(6, 1, name="POST /")
    took(7, 1, kind="CLIENT")
    assert rank(3) == {"count": 4, "slowerThan": 2}
    assert rank(1) == {"count": 4, "slowerThan": 0}


def test_equally_long_ones_are_not_faster_and_open_ones_do_not_count() -> None:
    trace(1)
    took(1, 10)
    took(2, 10)
    took(3, 0)
    assert rank(1) == {"count": 2, "slowerThan": 0}
    assert rank(3) is None
