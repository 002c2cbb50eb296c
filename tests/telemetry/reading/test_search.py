"""The filters of the list of traces: what a query says, which traces it finds, and its pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.http import QueryDict

from telemetry.models import LogRow
from telemetry.reading.probes import logs_without_probes, probes_among
from telemetry.reading.search import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    BadQueryError,
    TraceFilter,
    find,
    limit_of,
    read,
)
from telemetry.store.coding import dumps
from tests.telemetry.reading.rows import MS, log, service, span, trace

NS_MAX = 2**63 - 1


def found(**expected: Any) -> list[str]:
    return [row.trace_id for row in find(TraceFilter(**expected))[0]]


stored = pytest.mark.django_db(databases=["telemetry"])


def test_a_query_is_read_into_a_filter() -> None:
    query = QueryDict(
        "requestId=r&orderId=o&service=api&status=error&errorKind=reset&minMs=1.5&maxMs=20"
        "&ofOrders=1&probes=1&attr=a=1=2&attr=+b+=+c+&q=+text+&since=5&until=1970-01-01T00:00:01Z&limit=7"
    )
    assert read(query) == TraceFilter(
        request_id="r",
        order_id="o",
        service="api",
        status="error",
        error_kind="reset",
        min_ms=1.5,
        max_ms=20,
        attributes=(("a", "1=2"), ("b", "c")),
        text="text",
        of_orders=True,
        probes=True,
        since_ns=5,
        until_ns=1_000_000_000,
        limit=7,
    )
    assert read(QueryDict("")) == TraceFilter()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("status=bad", "status"),
        ("minMs=x", "minMs"),
        ("ofOrders=yes", "ofOrders"),
        ("minMs=-1", "minMs"),
        ("maxMs=nan", "maxMs"),
        ("maxMs=1e13", "maxMs"),
        ("attr=nothing", "attr"),
        ("attr==value", "attr"),
        ("since=soon", "since"),
        (f"until={NS_MAX + 1}", "until"),
        ("since=५", "since"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=x", "limit"),
        ("limit=५", "limit"),
        ("limit=", "limit"),
        ("cursor=x", "cursor"),
        ("cursor=!", "cursor"),
    ],
)
def test_a_parameter_that_is_wrong_is_named(query: str, field: str) -> None:
    with pytest.raises(BadQueryError) as refused:
        read(QueryDict(query))
    assert refused.value.field == field


def test_the_ends_of_each_scale_are_within_it() -> None:
    assert read(QueryDict("minMs=0")).min_ms == 0
    assert read(QueryDict(f"maxMs={NS_MAX / 1e6}")).max_ms == NS_MAX / 1e6
    assert read(QueryDict(f"since={NS_MAX}")).since_ns == NS_MAX
    assert [limit_of(QueryDict(f"limit={n}")) for n in (1, MAX_LIMIT)] == [1, MAX_LIMIT]
    assert limit_of(QueryDict("")) == DEFAULT_LIMIT
    assert limit_of(QueryDict("limit=9"), highest=9) == 9


@stored
def test_the_newest_come_first_and_a_cursor_goes_on_from_there() -> None:
    # Two that began at the same moment stand on two pages.
    ids = [trace(1), trace(2, start_ns=0), trace(3, start_ns=0), trace(4), trace(5)]
    newest = [ids[4], ids[3], ids[0], ids[2], ids[1]]
    seen, cursor = [], ""
    for _ in range(3):
        page, following = find(read(QueryDict(f"limit=2&cursor={cursor}")))
        seen.append([row.trace_id for row in page])
        cursor = following or ""
    assert seen == [newest[:2], newest[2:4], newest[4:]]
    assert cursor == ""
    assert find(TraceFilter(limit=5))[1] is None


@stored
def test_ids_status_and_service_select() -> None:
    well, badly = trace(1), trace(2, error_count=1)
    service(well, "api")
    service(badly, "worker", "reset")
    assert found(request_id="r1") == found(order_id="o1") == [well]
    assert (found(status="ok"), found(status="error")) == ([well], [badly])
    assert (found(service="api"), found(service="worker")) == ([well], [badly])
    assert (found(error_kind="reset"), found(error_kind="http_5xx")) == ([badly], [])
    assert found(service="api", error_kind="reset") == []
    assert found() == [badly, well]


@stored
def test_bounds_of_time_and_duration_include_their_ends() -> None:
    short, long = trace(1, ms=5), trace(2, ms=10)
    assert found(min_ms=5) == [long, short]
    assert found(min_ms=5.1) == found(min_ms=10) == [long]
    assert found(max_ms=10) == [long, short]
    assert found(max_ms=9.9) == found(max_ms=5) == [short]
    assert found(since_ns=2_000 * MS) == found(since_ns=2_000 * MS - 1) == [long]
    assert found(until_ns=1_000 * MS) == [short]
    assert found(until_ns=1_000 * MS - 1) == found(since_ns=2_000 * MS + 1) == []


@stored
def test_an_attribute_of_a_span_or_of_a_log_record_selects() -> None:
    spanned, logged = trace(1), trace(2)
    span(spanned, data=dumps({"a": {"sku": "apple", "n": 12, "on": True}}))
    log(logged, data=dumps({"a": {"sku": "pear", "n": 120, "of": -1.5}}))
    for attribute, ids in (
        (("sku", "apple"), [spanned]),
        (("sku", "pear"), [logged]),
        (("sku", "appl"), []),
        (("n", "12"), [spanned]),
        (("n", "120"), [logged]),
        (("n", "1"), []),
        (("on", "true"), [spanned]),
        (("on", "false"), []),
        (("of", "-1.5"), [logged]),
    ):
        assert found(attributes=(attribute,)) == ids, attribute
    assert found(attributes=(("sku", "apple"), ("n", "120"))) == []
    assert found(attributes=(("sku", "apple"), ("n", "12"))) == [spanned]


@stored
def test_a_text_is_found_in_names_messages_and_values() -> None:
    spanned, logged = trace(1), trace(2)
    span(spanned, name="Reserve stock", data='{"a":{"x":"One"}}')
    log(logged, msg="Job accepted", data='{"a":{"x":"Two"}}')
    assert found(text="reserve") == found(text="one") == [spanned]
    assert found(text="accepted") == found(text="two") == [logged]
    assert found(text="nowhere") == []


@stored
def test_a_page_is_what_the_filters_let_through() -> None:
    for number in range(1, 6):
        trace(number, error_count=number % 2)
    expected = TraceFilter(status="error", limit=2)
    page, cursor = find(expected)
    assert [row.error_count for row in page] == [1, 1]
    rest = find(replace(expected, cursor=read(QueryDict(f"cursor={cursor}")).cursor))
    assert ([row.request_id for row in rest[0]], rest[1]) == (["r1"], None)


@stored
def test_traces_of_orders_are_found_among_any_number_of_others() -> None:
    of_an_order, other = trace(1), trace(2, order_id="")
    assert found(of_orders=True) == [of_an_order]
    assert found() == [other, of_an_order]


@stored
@pytest.mark.parametrize(
    "name", ["GET /healthz", "HEAD /shop/readyz", "GET /metrics", "grpc.health.v1.Health/Check"]
)
def test_health_checks_are_left_out_unless_they_are_asked_for(name: str) -> None:
    of_people = trace(1, name="GET /orders/healthz/x")
    probe = trace(2, name=name)
    assert found() == [of_people]
    assert found(probes=True) == [probe, of_people]
    assert found(request_id="r2") == [probe]
    log(probe, msg="checked")
    log(of_people, msg="ordered")
    left = logs_without_probes(LogRow.objects.all())
    assert [row.msg for row in left] == ["ordered"]
    assert probes_among([probe, of_people, ""]) == {probe}
    assert probes_among([]) == set()
