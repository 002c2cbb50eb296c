"""What a search within a trace compares: one attribute of all its spans."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.telemetry.reading.rows import span, trace

pytestmark = [
    pytest.mark.django_db(databases=["telemetry", "default"]),
    pytest.mark.urls("labsite.http.urls_observer"),
]


def values(key: str, **query: str) -> Any:
    url = f"/api/traces/{1:032x}/attribute"
    response = Client(headers={"host": "localhost"}).get(url, {"key": key, **query})
    return response.json()


def test_each_span_that_carries_it_comes_with_its_value() -> None:
    trace_id = trace(1)
    span(trace_id, 1, service="api", kind="SERVER", data='{"a":{"http.route":"/a","n":7}}')
    span(trace_id, 2, service="api", kind="CLIENT", data='{"a":{"n":"7","other":"\\"n\\""}}')
    span(trace_id, 3, service="worker", data='{"e":[["n","5",{"n":1}]]}')
    span(trace(2), 4, data='{"a":{"n":9}}')
    assert values("n") == {
        "values": [[f"{1:016x}", "api", "SERVER", 7], [f"{2:016x}", "api", "CLIENT", "7"]],
        "truncated": False,
    }
    assert values("http.route")["values"] == [[f"{1:016x}", "api", "SERVER", "/a"]]


def test_a_long_value_comes_by_its_beginning_and_a_list_as_text() -> None:
    span(trace(1), data=f'{{"a":{{"long":"{"x" * 500}","list":[1,2]}}}}')
    assert values("long")["values"][0][3] == "x" * 200
    assert values("list")["values"][0][3] == "[1,2]"


def test_without_a_name_it_is_refused() -> None:
    assert values("")["field"] == "key"
