"""The gauge is shown whatever a record says of what was lost: every page begins with it."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest

from telemetry.reading.stats import dropped_by_services, stats
from tests.telemetry.reading.rows import log, trace

pytestmark = pytest.mark.django_db(databases=["telemetry"])


def lost(number: int, spans: Any, *, service: str = "api") -> None:
    data = json.dumps({"a": {"lab.dropped.spans": spans, "lab.dropped.logs": 1}})
    log(trace(number), msg="telemetry lost", instance=f"i{number}", service=service, data=data)


def test_what_the_instances_of_a_service_have_lost_is_summed() -> None:
    lost(1, 2)
    lost(2, 3)
    lost(3, 5, service="worker")
    assert dropped_by_services() == {"api": 7, "worker": 6}


@pytest.mark.parametrize("count", ["many", None, True, 0.5, -7, [1], {"a": 1}])
def test_what_is_no_count_counts_nothing(count: Any) -> None:
    lost(1, count)
    assert dropped_by_services() == {"api": 1}


def test_counts_beyond_all_reason_are_shown_all_the_same() -> None:
    for number in range(1, 5):
        lost(number, 2**63 - 1)
    assert orjson.loads(orjson.dumps(stats()))["droppedByServices"]["api"] > 2**40
