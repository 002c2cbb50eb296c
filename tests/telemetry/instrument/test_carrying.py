"""Traces and baggage travel as the API's own propagators have them, plain or not."""

from __future__ import annotations

import pytest
from opentelemetry import baggage
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.context import Context
from opentelemetry.trace import get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from telemetry.instrument.carrying import Baggage, TraceContext

TRACE, SPAN = "a" * 32, "b" * 16
PARENTS: list[dict[str, str]] = [
    {"traceparent": f"00-{TRACE}-{SPAN}-01"},
    {"traceparent": f"00-{TRACE}-{SPAN}-ff"},
    {"traceparent": f" 00-{TRACE}-{SPAN}-00\t"},
    {"traceparent": f"00-{TRACE}-{SPAN}-01-more"},
    {"traceparent": f"01-{TRACE}-{SPAN}-03-more"},
    {"traceparent": f"ff-{TRACE}-{SPAN}-01"},
    {"traceparent": f"00-{'0' * 32}-{SPAN}-01"},
    {"traceparent": f"00-{TRACE}-{'0' * 16}-01"},
    {"traceparent": f"00-{TRACE.upper()}-{SPAN}-01"},
    {"traceparent": f"00-{TRACE}-{SPAN}-01\n"},
    {"traceparent": f"00-{TRACE}-{SPAN}-01", "tracestate": "a=1,b=2"},
    {"traceparent": f"00-{TRACE}-{SPAN}-01", "tracestate": ""},
    {"traceparent": ""},
    {"tracestate": "a=1"},
    {},
]


@pytest.mark.parametrize("carrier", PARENTS, ids=str)
def test_the_same_caller_is_read(carrier: dict[str, str]) -> None:
    given = baggage.set_baggage("a", "1", Context())
    for context in (given, None):
        ours = TraceContext().extract(carrier, context)
        theirs = TraceContextTextMapPropagator().extract(carrier, context)
        read, expected = (get_current_span(each).get_span_context() for each in (ours, theirs))
        assert (read, read.trace_state) == (expected, expected.trace_state)
        assert baggage.get_all(ours) == baggage.get_all(theirs)


HEADERS = [
    "request.id=req-1,order.id=7",
    "a=1,a=2",
    " a = 1 , b=2;property ",
    "a=%C3%A9,b=x+y",
    "a=,=b,c",
    "a=b=c",
    "",
    ",".join(f"k{n}=v" for n in range(200)),
    f"a={'x' * 5_000},b=1",
]


@pytest.mark.parametrize("header", HEADERS)
def test_the_same_is_read(header: str) -> None:
    carrier = {"baggage": [header, "other=1"]}
    read = baggage.get_all(Baggage().extract(carrier, Context()))
    assert read == baggage.get_all(W3CBaggagePropagator().extract(carrier, Context()))


PAIRS: list[dict[str, object]] = [
    {"request.id": "req-1", "order.id": "7"},
    {"a": "1,b=2"},
    {"a": "1,b"},
    {"a=b": "c"},
    {"a": "é x/y"},
    {"a": 7, "b": ""},
    {"a": "x" * 5_000, "b": "1"},
    {f"k{n}": "v" for n in range(200)},
    {},
]


@pytest.mark.parametrize("pairs", PAIRS)
def test_the_same_is_written(pairs: dict[str, object]) -> None:
    context = Context()
    for name, value in pairs.items():
        context = baggage.set_baggage(name, value, context)
    ours: dict[str, str] = {}
    theirs: dict[str, str] = {}
    Baggage().inject(ours, context)
    W3CBaggagePropagator().inject(theirs, context)
    assert ours == theirs


def test_without_a_header_the_context_stays() -> None:
    context = baggage.set_baggage("a", "1", Context())
    assert Baggage().extract({}, context) is context
