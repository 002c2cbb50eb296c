"""Which spans make a call or a message, and who is called."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from evidence.calls.finding_calls import calls
from evidence.model.trace import Trace
from tests.evidence.calls.run import Run, codes

if TYPE_CHECKING:
    from telemetry.records import Span

QUEUE_NAME = "messaging.destination.name"
QUEUE = {"messaging.system": "kafka", QUEUE_NAME: "images"}
PROCESS = {**QUEUE, "messaging.operation.type": "process"}


def found(run: Run) -> list[tuple[str, str, int]]:
    """Caller, callee and how often it arrived."""
    return [
        (call.caller, call.callee, len(call.arrivals)) for call in calls(Trace(run.spans, run.logs))
    ]


def server(run: Run, service: str, start: float = 0, parent: Span | None = None) -> Span:
    return run.span(service, "GET /", start, start + 50, parent=parent, kind="SERVER")


def client(run: Run, parent: Span, start: float = 5, **more: Any) -> Span:
    service = parent.resource.service_name
    named = {key.replace("__", "."): value for key, value in more.items()}
    return run.span(service, "GET", start, start + 30, parent=parent, kind="CLIENT", more=named)


@pytest.mark.parametrize(
    ("attributes", "callee"),
    [
        ({"peer.service": "price", "server.address": "10.0.0.1"}, "price"),
        ({"service.peer.name": "price"}, "price"),
        ({"server.address": "price.internal", "server.port": 8080}, "price.internal:8080"),
        ({"server.address": "price.internal", "server.port": 443}, "price.internal"),
        ({"net.peer.name": "price", "net.peer.port": "80"}, "price"),
        ({"http.url": "http://price.internal:8080/p"}, "price.internal:8080"),
        ({"url.full": "https://price.internal/p?q=1"}, "price.internal"),
        ({"http.host": "price:8081"}, "price:8081"),
        ({"server.address": "127.0.0.1", "url.full": "http://127.0.0.1:9/x"}, "127.0.0.1:9"),
        ({"db.system": "postgresql", "server.address": "db"}, "postgresql (db)"),
        ({"db.system.name": "redis", "server.address": "localhost"}, "redis"),
        ({"rpc.system": "grpc", "rpc.service": "shop.Prices"}, "shop.Prices"),
        ({"url.full": "http://[broken"}, ""),
        ({}, ""),
    ],
)
def test_a_callee_without_telemetry_is_named_as_its_caller_names_it(
    attributes: dict[str, Any], callee: str
) -> None:
    run = Run()
    client(run, server(run, "cart"), **attributes)
    assert found(run) == [("cart", callee, 0)]


def test_names_without_end_are_cut() -> None:
    run = Run()
    long = "x" * 1_000_000
    root = run.span("cart", "GET /", 0, 50, kind="SERVER")
    more = {"server.address": long, "error.type": long}
    run.span("cart", long, 5, 30, parent=root, kind="CLIENT", message=long, more=more)
    run.span("cart", long, 5, 30, kind="PRODUCER", more={**QUEUE, QUEUE_NAME: long})
    evidence = run.evidence()
    parts = (evidence["diagnosis"], evidence["messages"], evidence["lanes"], evidence["checklist"])
    assert len(str(parts)) < 20_000


def test_a_callee_with_telemetry_has_its_own_name() -> None:
    run = Run()
    call = client(run, server(run, "cart"), server__address="10.0.0.1")
    server(run, "price", 8, call)
    assert found(run) == [("cart", "price", 1)]


def test_an_address_that_led_to_a_service_once_names_it_again() -> None:
    run = Run()
    root = server(run, "cart")
    client(run, root, 2, server__address="10.0.0.1", error__type="ECONNREFUSED")
    server(run, "price", 8, client(run, root, 6, server__address="10.0.0.1"))
    assert found(run) == [("cart", "price", 0), ("cart", "price", 1)]


def test_a_library_within_a_library_makes_one_call() -> None:
    run = Run()
    outer = client(run, server(run, "cart"), db__system="elasticsearch")
    inner = client(run, outer, 7, server__address="search")
    server(run, "search", 9, inner)
    assert found(run) == [("cart", "search", 1)]


def test_a_call_within_a_call_to_somebody_else_is_one_of_its_own() -> None:
    run = Run()
    outer = client(run, server(run, "cart"), server__address="price")
    client(run, outer, 7, server__address="auth")
    assert sorted(found(run)) == [("cart", "auth", 0), ("cart", "price", 0)]


def test_a_callee_may_name_any_span_of_its_caller() -> None:
    run = Run()
    server(run, "price", 8, run.span("cart", "price it", 5, 40, parent=server(run, "cart")))
    assert found(run) == [("cart", "price", 1)]


def test_two_spans_of_one_request_that_take_nothing_in_are_one_arrival() -> None:
    run = Run()
    call = client(run, server(run, "cart"))
    for start in (8, 20):
        run.span("price", "work", start, start + 5, parent=call)
    assert found(run) == [("cart", "price", 1)]


def test_sides_that_share_one_span_id_are_the_two_of_a_call() -> None:
    run = Run()
    call = client(run, server(run, "cart"))
    taken = server(run, "price", 8)
    shared = {"span_id": call.span_id, "parent_span_id": call.parent_span_id}
    run.spans[-1] = replace(taken, **shared)  # type: ignore[arg-type] # real fields
    assert found(run) == [("cart", "price", 1)]


def test_a_server_within_a_server_is_no_call() -> None:
    run = Run()
    run.span("cart", "handler", 1, 9, parent=server(run, "cart"), kind="SERVER")
    assert found(run) == []


def test_a_request_whose_caller_is_not_on_record_is_one_of_a_missing_side() -> None:
    run = Run()
    run.span("price", "GET /", 0, 9, parent="f" * 16, kind="SERVER")
    assert found(run) == [("", "price", 1)]
    assert "calls.caller_missing" in codes(run)


def produced(run: Run, service: str = "web", start: float = 5) -> Span:
    return run.span(service, "images publish", start, start + 2, kind="PRODUCER", more=QUEUE)


def consumed(run: Run, *links: Span, service: str = "resizer", **more: Any) -> Span:
    attributes = {**PROCESS, **more}
    return run.span(
        *(service, "images process", 100, 140), links=links, kind="CONSUMER", more=attributes
    )


def test_a_batch_takes_each_of_its_messages() -> None:
    run = Run()
    consumed(run, *(produced(run, start=n) for n in range(3)))
    assert found(run) == [("web", "resizer", 1)] * 3


def test_a_message_of_a_topic_may_be_taken_by_several() -> None:
    run = Run()
    sent = produced(run)
    consumed(run, sent, service="resizer")
    consumed(run, sent, service="audit")
    assert sorted(found(run)) == [("web", "audit", 1), ("web", "resizer", 1)]
    assert "calls.message_taken_twice" not in codes(run)


def test_a_message_that_is_received_and_then_processed_is_taken_once() -> None:
    run = Run()
    sent = produced(run)
    receive = run.span(
        *("resizer", "images receive", 90, 95),
        links=(sent,),
        kind="CONSUMER",
        more={**QUEUE, "messaging.operation.type": "receive"},
    )
    run.span(
        *("resizer", "images process", 96, 120),
        parent=receive,
        links=(sent,),
        kind="CONSUMER",
        more=PROCESS,
    )
    assert found(run) == [("web", "resizer", 1)]


def test_a_message_that_is_processed_twice_is_said_to_be() -> None:
    run = Run()
    sent = produced(run)
    consumed(run, sent)
    consumed(run, sent)
    assert "calls.taken_twice_headline" in codes(run)


def test_a_service_may_send_to_itself() -> None:
    run = Run()
    consumed(run, produced(run, "web"), service="web")
    assert found(run) == [("web", "web", 1)]


def test_a_poll_that_brought_nothing_is_no_call() -> None:
    run = Run()
    more = {**QUEUE, "messaging.operation": "receive"}
    run.span("resizer", "images receive", 0, 5, kind="CLIENT", more=more)
    assert found(run) == []


def test_the_transport_of_a_message_is_no_call_of_its_own() -> None:
    run = Run()
    sent = run.span("web", "SQS.SendMessage", 5, 20, kind="PRODUCER", more=QUEUE)
    run.span("web", "POST", 6, 19, parent=sent, kind="CLIENT", server__address="sqs")
    consumed(run, sent)
    assert found(run) == [("web", "resizer", 1)]


def test_a_message_of_whose_taking_nothing_is_on_record_stays_open() -> None:
    run = Run()
    produced(run)
    assert found(run) == [("web", "images", 0)]
    assert {"calls.not_taken", "calls.not_taken_settles"} <= codes(run)


def test_a_message_whose_sender_is_not_on_record_is_no_loss() -> None:
    run = Run()
    consumed(run)
    assert found(run) == [("", "resizer", 1)]
    assert "calls.caller_missing" not in codes(run)


def test_a_queue_of_the_old_conventions_is_named() -> None:
    run = Run()
    old = {"messaging.system": "rabbitmq", "messaging.destination": "images"}
    sent = run.span("web", "images send", 5, 7, kind="PRODUCER", more=old)
    run.span("resizer", "images process", 90, 95, parent=sent, kind="CONSUMER", more=old)
    [message] = run.evidence()["messages"]
    assert (message["from"], message["to"], message["label"]) == ("web", "resizer", "images")
