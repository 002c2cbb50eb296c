"""What is said beside failures, by how each ecosystem writes calls and messages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.evidence.calls.run import Run, codes

if TYPE_CHECKING:
    from telemetry.records import Span, SpanKind


@dataclass(frozen=True)
class Shape:
    """Attributes of a call's two sides, and of a message's two."""

    client: dict[str, Any]
    server: dict[str, Any]
    send: dict[str, Any]
    take: dict[str, Any]
    take_kind: SpanKind = "CONSUMER"
    by_link: bool = False


_NEW = {"server.address": "price", "server.port": 8080, "http.response.status_code": 200}
_NEW_SERVER = {"url.path": "/price", "http.response.status_code": 200}
_OLD_SERVER = {"http.target": "/price", "http.status_code": 200}


def _old(**address: Any) -> dict[str, Any]:
    named = {key.replace("__", "."): value for key, value in address.items()}
    return {**named, "http.status_code": 200}


def _queue(system: str, **operation: str) -> dict[str, Any]:
    named = {key.replace("__", "."): value for key, value in operation.items()}
    return {"messaging.system": system, "messaging.destination.name": "images", **named}


def _old_queue(system: str, **operation: str) -> dict[str, Any]:
    named = {key.replace("__", "."): value for key, value in operation.items()}
    return {"messaging.system": system, "messaging.destination": "images", **named}


SHAPES = {
    # The agent's: Kafka's consumer has a link, or is a child where that is asked for.
    "java": Shape(
        _NEW,
        _NEW_SERVER,
        _queue("kafka", messaging__operation__type="send"),
        _queue("kafka", messaging__operation__type="process"),
        by_link=True,
    ),
    "java, old": Shape(
        _old(net__peer__name="price", net__peer__port=8080),
        _OLD_SERVER,
        _old_queue("kafka"),
        _old_queue("kafka", messaging__operation="process"),
    ),
    "node": Shape(
        {**_NEW, "url.full": "http://price:8080/p"},
        _NEW_SERVER,
        _queue("rabbitmq", messaging__operation__name="publish"),
        _queue("rabbitmq", messaging__operation__name="deliver"),
    ),
    "node, old": Shape(
        _old(http__url="http://price:8080/p", http__host="price:8080"),
        _OLD_SERVER,
        _old_queue("rabbitmq"),
        _old_queue("rabbitmq", messaging__operation="process"),
    ),
    # Celery's task has a link to its sender as well as it for a parent.
    "python": Shape(
        {**_NEW, "url.full": "http://price:8080/p"},
        _NEW_SERVER,
        _queue("celery", celery__action="apply_async"),
        _queue("celery", celery__action="run"),
        by_link=True,
    ),
    "python, old": Shape(
        _old(http__url="http://price:8080/p"),
        _OLD_SERVER,
        _old_queue("kafka"),
        _old_queue("kafka", messaging__operation="process"),
    ),
    ".net": Shape(
        {**_NEW, "url.full": "http://price:8080/p"},
        _NEW_SERVER,
        _queue("servicebus", messaging__operation__type="send"),
        _queue("servicebus", messaging__operation__type="process"),
        by_link=True,
    ),
    ".net, old": Shape(
        _old(http__url="http://price:8080/p"),
        _OLD_SERVER,
        _old_queue("rabbitmq"),
        _old_queue("rabbitmq", messaging__operation="process"),
    ),
    "go": Shape(
        {**_NEW, "url.full": "http://price:8080/p"},
        _NEW_SERVER,
        _queue("kafka", messaging__operation__type="send"),
        _queue("kafka", messaging__operation__type="process"),
    ),
    "go, old": Shape(
        _old(http__url="http://price:8080/p", net__peer__name="price"),
        _OLD_SERVER,
        _old_queue("kafka"),
        _old_queue("kafka", messaging__operation="receive"),
    ),
}
each_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)


@dataclass
class Called:
    """A run with its request, and one call of it that went well."""

    run: Run
    root: Span
    call: Span


def called(shape: Shape, *, until: float = 50) -> Called:
    run = Run()
    root = run.span("cart", "GET /cart", 0, 100, kind="SERVER", more=_NEW_SERVER)
    call = run.span("cart", "GET", 2, until, parent=root, kind="CLIENT", more=shape.client)
    return Called(run, root, call)


def serve(made: Called, shape: Shape, start: float, end: float) -> None:
    made.run.span(
        "price", "GET /price", start, end, parent=made.call, kind="SERVER", more=shape.server
    )


@each_shape
def test_nothing_wrong_says_where_the_time_went(shape: Shape) -> None:
    made = called(shape)
    serve(made, shape, 5, 45)
    for side in ("all", "cart", "price"):
        assert {"general.no_error_headline", "calls.where_time_went"} <= codes(made.run, side)
    assert made.run.evidence()["lanes"] == ["cart", "price"]


@each_shape
def test_a_callee_without_telemetry_is_named_and_is_no_loss(shape: Shape) -> None:
    made = called(shape)
    assert "general.no_error_headline" in codes(made.run)
    found = made.run.evidence()
    assert found["lanes"] == ["cart", "price:8080"] or found["lanes"] == ["cart", "price"]
    assert {one["outcome"] for one in found["messages"]} == {"delivered"}


@each_shape
def test_a_caller_without_telemetry_is_a_missing_side(shape: Shape) -> None:
    made = called(shape)
    serve(made, shape, 5, 45)
    made.run.spans[:2] = []
    assert "calls.caller_missing" in codes(made.run)


@each_shape
def test_arrived_twice(shape: Shape) -> None:
    made = called(shape)
    serve(made, shape, 5, 40)
    serve(made, shape, 6, 41)
    assert {"calls.twice_headline", "calls.arrived_twice", "calls.twice_why"} <= codes(made.run)
    assert "calls.of_one_span" in codes(made.run, "price")
    assert "general.no_error_headline" in codes(made.run, "cart")


@each_shape
def test_served_after_the_answer(shape: Shape) -> None:
    made = called(shape)
    serve(made, shape, 5, 900)
    assert {"calls.served_on_headline", "calls.served_on"} <= codes(made.run)
    assert "calls.served_on" not in codes(made.run, "cart") | codes(made.run, "price")


@each_shape
def test_tried_again(shape: Shape) -> None:
    made = called(shape, until=10)
    place = {key: value for key, value in shape.client.items() if "status_code" not in key}
    failed = {**place, "error.type": "ECONNREFUSED"}
    made.run.spans[-1] = replace(made.call, attributes=failed, status_code="ERROR")
    made.call = made.run.span(
        "cart", "GET", 20, 60, parent=made.root, kind="CLIENT", more=shape.client
    )
    serve(made, shape, 25, 55)
    for side in ("all", "cart"):
        assert {"calls.retried", "unreached.connect_refused"} <= codes(made.run, side)


@each_shape
def test_waited_in_a_queue(shape: Shape) -> None:
    run = Run()
    root = run.span("web", "POST /upload", 0, 20, kind="SERVER")
    sent = run.span("web", "images publish", 5, 7, parent=root, kind="PRODUCER", more=shape.send)
    run.span(
        *("resizer", "images process", 500, 900),
        parent=None if shape.by_link else sent,
        links=(sent,) if shape.by_link else (),
        kind=shape.take_kind,
        more=shape.take,
    )
    assert {"general.no_error_headline", "calls.waited"} <= codes(run)
    [message] = run.evidence()["messages"]
    assert (message["from"], message["to"], message["label"]) == ("web", "resizer", "images")
    assert "calls.not_taken" in codes(run, "web")
