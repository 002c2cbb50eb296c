"""What a batch adds to the list of traces: name, bounds, counts, ids and the order's status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from telemetry.records import LogRecord, Resource, Span
from telemetry.store.entries import entries
from telemetry.store.summaries import TraceDelta
from telemetry.store.summaries import deltas as deltas_of

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

TRACE = "a" * 32


def span(number: int = 1, *, start: int = 10, end: int = 20, **more: Any) -> Span:
    return Span(
        **{
            "trace_id": TRACE,
            "span_id": f"{number:016x}",
            "name": f"step {number}",
            "start_time_unix_nano": start,
            "end_time_unix_nano": end,
            "parent_span_id": "f" * 16,
            "resource": Resource({"service.name": "api"}),
            **more,
        }
    )


def log(body: str, *, time: int = 15, **attributes: str) -> LogRecord:
    return LogRecord(time_unix_nano=time, body=body, attributes=attributes, trace_id=TRACE)


def deltas(
    spans: Sequence[tuple[int, Span, int]],
    logs: Sequence[tuple[int, LogRecord]],
    *,
    imported: Container[int] = (),
) -> dict[str, TraceDelta]:
    """Sum up records with their ``seq``, spans with their revisions too."""
    made = entries([each for _, each, _ in spans], [each for _, each in logs])
    return deltas_of(
        [(seq, each, rev) for (seq, _, rev), each in zip(spans, made.spans, strict=True)],
        [(seq, each) for (seq, _), each in zip(logs, made.logs, strict=True)],
        imported=imported,
    )


def of_spans(*spans: Span, revision: int = 0) -> TraceDelta:
    return deltas([(n, each, revision) for n, each in enumerate(spans, 1)], [])[TRACE]


def of_logs(*logs: LogRecord) -> TraceDelta:
    return deltas([], list(enumerate(logs, 1)))[TRACE]


def test_a_trace_is_named_by_its_root_wherever_it_stands() -> None:
    child, root = span(1, start=5), span(2, start=10, parent_span_id="")
    for spans in ((child, root), (root, child)):
        delta = of_spans(*spans)
        assert (delta.name, delta.has_root) == ("step 2", True)


def test_without_a_root_the_earliest_span_names_it() -> None:
    first, later = span(1, start=5), span(2, start=10)
    for spans in ((first, later), (later, first)):
        delta = of_spans(*spans)
        assert (delta.name, delta.has_root) == ("step 1", False)
    assert of_spans(span(1, start=5), span(2, start=5)).name == "step 1"


def test_a_root_whose_name_is_a_method_alone_is_named_by_what_it_asks_for_too() -> None:
    def named(name: str, **attributes: str) -> str:
        return of_spans(span(name=name, attributes=attributes)).name

    called = {"url.full": "http://127.0.0.1:4300/orders?x=1", "server.address": "127.0.0.1"}
    assert named("POST", **called) == "POST /orders"
    assert named("HTTP GET", **{"http.url": "https://shop.example/a/b"}) == "HTTP GET /a/b"
    assert named("GET", **{"http.route": "/a/{id}", "url.path": "/a/7"}) == "GET /a/{id}"
    assert named("GET", **{"http.target": "/a?b=c"}) == "GET /a"
    assert named("GET", **{"server.address": "shop", "server.port": "8080"}) == "GET shop:8080"
    assert (named("GET", **{"url.full": "http://[x"}), named("GET")) == ("GET", "GET")
    assert named("GET /orders", **called) == "GET /orders"


def test_of_two_roots_the_earlier_one_names_it() -> None:
    roots = [span(n, start=n, parent_span_id="") for n in (2, 1, 3)]
    assert of_spans(*roots).name == "step 1"


def test_its_bounds_are_those_of_its_spans() -> None:
    delta = of_spans(span(1, start=10, end=20), span(2, start=5, end=8), span(3, start=15, end=30))
    assert (delta.start_ns, delta.end_ns, delta.last_seq) == (5, 30, 3)


def test_a_span_that_has_not_ended_reaches_to_its_start() -> None:
    delta = of_spans(span(1, start=10, end=0, state="open"))
    assert (delta.start_ns, delta.end_ns, delta.open_count) == (10, 10, 1)


def test_a_span_that_comes_again_with_its_end_is_counted_once() -> None:
    begun = of_spans(span(1, end=0, state="open"))
    ended = of_spans(span(1), revision=1)
    assert (begun.span_count, begun.open_count) == (1, 1)
    assert (ended.span_count, ended.open_count) == (0, -1)
    assert of_spans(span(1), revision=2).open_count == 0
    assert of_spans(span(1)).open_count == 0


def test_spans_and_errors_are_counted_by_service_and_kind_of_error() -> None:
    failed: dict[str, Any] = {"status_code": "ERROR", "attributes": {"error.type": "reset"}}
    worker = Resource({"service.name": "worker"})
    delta = of_spans(span(1), span(2, **failed), span(3, **failed), span(4, resource=worker))
    assert (delta.span_count, delta.error_count) == (4, 2)
    assert dict(delta.services) == {
        ("api", ""): [1, 0],
        ("api", "reset"): [2, 2],
        ("worker", ""): [1, 0],
    }


def test_an_error_that_comes_with_the_end_counts_though_its_span_does_not() -> None:
    delta = of_spans(span(1, status_code="ERROR"), revision=1)
    assert (delta.span_count, delta.error_count) == (0, 1)
    assert delta.services["api", "error"] == [0, 1]


def test_the_first_ids_that_are_texts_are_the_traces_own() -> None:
    no_text = span(1, attributes={"request.id": 5, "order.id": None})
    first = span(2, attributes={"request.id": "r1", "order.id": "o1"})
    other = span(3, attributes={"request.id": "r2", "order.id": "o2"})
    delta = of_spans(no_text, first, other)
    assert (delta.request_id, delta.order_id) == ("r1", "o1")
    logged = of_logs(log("x", requestId="r3", orderId="o3"), log("x", requestId="r4"))
    assert (logged.request_id, logged.order_id) == ("r3", "o3")


def test_a_name_can_be_stored() -> None:
    assert of_spans(span(1, name="a\x00b")).name == "a\ufffdb"


def test_a_log_record_alone_bounds_its_trace() -> None:
    delta = of_logs(log("x", time=15), log("y", time=12), log("z", time=18))
    assert (delta.start_ns, delta.end_ns, delta.last_seq) == (12, 18, 3)
    assert (delta.name, delta.span_count) == ("", 0)


def test_a_trace_lasts_as_long_as_its_spans_whatever_is_logged_later() -> None:
    found = deltas([(7, span(1, start=10, end=20), 0)], [(9, log("x", time=40))])
    assert set(found) == {TRACE}
    assert (found[TRACE].start_ns, found[TRACE].end_ns, found[TRACE].last_seq) == (10, 20, 9)


def test_a_log_record_alone_names_its_service() -> None:
    lonely = LogRecord(15, body="x", trace_id=TRACE, resource=Resource({"service.name": "lonely"}))
    assert dict(of_logs(lonely).services) == {("lonely", ""): [0, 0]}


def test_the_journal_of_a_link_is_no_service_of_a_trace() -> None:
    attributes = {"lab.toxic.action": "dropped"}
    network = Resource({"service.name": "network"})
    entry = LogRecord(15, body="x", trace_id=TRACE, attributes=attributes, resource=network)
    assert not of_logs(entry).services


@pytest.mark.parametrize(
    ("attributes", "more", "kind"),
    [
        ({"error.type": "ECONNREFUSED"}, {"kind": "CLIENT"}, "connect_refused"),
        ({"http.response.status_code": 503}, {"kind": "SERVER"}, "http_5xx"),
        ({"http.status_code": 404}, {"kind": "CLIENT"}, "http_4xx"),
        ({"error.type": "shop.SoldOut"}, {}, "shop.SoldOut"),
        ({}, {"status_code": "ERROR"}, "error"),
    ],
)
def test_any_failed_span_counts_with_its_kind(
    attributes: dict[str, Any], more: dict[str, Any], kind: str
) -> None:
    delta = of_spans(span(1, attributes=attributes, **more))
    assert (delta.error_count, dict(delta.services)) == (1, {("api", kind): [1, 1]})


def test_what_is_answered_well_or_to_a_bad_request_did_not_fail() -> None:
    for kind, status in (("CLIENT", 200), ("SERVER", 404), ("INTERNAL", 404)):
        assert (
            of_spans(span(1, kind=kind, attributes={"http.status_code": status})).error_count == 0
        )


def test_a_record_of_no_trace_adds_to_none() -> None:
    assert deltas([], [(1, LogRecord(time_unix_nano=1, body="order confirmed"))]) == {}


@pytest.mark.parametrize(
    ("messages", "status"),
    [
        (["order accepted (pending)"], "PENDING"),
        (["order accepted (pending)", "order confirmed"], "CONFIRMED"),
        (["order confirmed", "order accepted (pending)"], "CONFIRMED"),
        (["order cancelled (not confirmed in time)", "order confirmed"], "CANCELLED"),
        (["order rejected (sold out)"], "REJECTED"),
        (["stock reserved"], ""),
    ],
)
def test_the_order_stands_as_its_last_message_says(messages: list[str], status: str) -> None:
    assert of_logs(*(log(text, requestId="r") for text in messages)).order_status == status


def test_a_line_of_another_system_that_sounds_alike_is_of_no_order() -> None:
    assert of_logs(log("order confirmed")).order_status == ""


def test_a_row_has_the_sums_in_the_order_of_its_columns() -> None:
    attributes = {"request.id": "r", "order.id": "o"}
    delta = of_spans(
        span(1, parent_span_id="", attributes=attributes, status_code="ERROR"),
        span(2, end=0, state="open"),
    )
    assert delta.row(TRACE) == (TRACE, "step 1", True, "r", "o", 10, 20, 2, 1, 1, "", 2, False)


def test_a_trace_is_imported_when_any_of_its_records_is() -> None:
    spans, logs = [(1, span(), 0), (2, span(2), 0)], [(3, log("x")), (4, log("y"))]
    for seq in (1, 2, 3, 4):
        assert deltas(spans, logs, imported={seq})[TRACE].imported
    assert not deltas(spans, logs, imported={5})[TRACE].imported
    assert not deltas(spans, logs)[TRACE].imported


@pytest.mark.parametrize(
    ("attributes", "kind"),
    [
        ({}, "http_5xx"),
        # Of the lab's own services: the span around this one has it.
        ({"request.id": "r"}, ""),
        # Of an action, whose answer named the request: there is no span around it.
        ({"request.id": "r", "lab.action": "buy"}, "http_5xx"),
    ],
    ids=["others", "own", "action"],
)
def test_the_failure_of_a_call_is_named_once(attributes: dict[str, str], kind: str) -> None:
    failed = {"error.type": "http_5xx", **attributes}
    delta = of_spans(span(kind="CLIENT", status_code="ERROR", attributes=failed))
    assert delta.services == {("api", kind): [1, 1]}
