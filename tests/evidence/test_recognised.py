"""A trace is an order's by the spans that the lab's services make, not by what others print."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from evidence.model.trace import Trace
from evidence.orders.recognised import carries_order
from telemetry.records import LogRecord, Resource, Span

TRACE_ID = "a" * 32
LINE = LogRecord(1, body="job accepted", attributes={"requestId": "r"}, trace_id=TRACE_ID)


def span(name: str, **attributes: Any) -> Span:
    return Span(
        TRACE_ID,
        "b" * 16,
        name,
        1,
        2,
        kind="SERVER",
        attributes=attributes,
        resource=Resource({"service.name": "worker"}),
    )


def test_a_span_of_the_labs_makes_an_order() -> None:
    assert carries_order(Trace([span("stock.reserve", **{"request.id": "r"})], []))


def test_lines_alone_may_be_an_orders() -> None:
    assert carries_order(Trace([], [LINE]))


def test_what_others_print_in_the_contracts_words_is_none() -> None:
    assert not carries_order(Trace([span("POST")], [LINE]))


def test_an_action_of_a_system_is_none() -> None:
    sent = {"request.id": "r", "lab.boundary": "client->api", "lab.action": "buy"}
    assert not carries_order(Trace([span("POST", **sent)], []))


def test_an_order_in_which_another_program_is_the_worker_is_explained_by_its_calls() -> None:
    placed = span("POST /orders", **{"request.id": "r"})
    assert carries_order(Trace([placed], [LINE]))
    at_another = replace(span("POST"), span_id="c" * 16)
    assert not carries_order(Trace([placed, at_another], [LINE]))
