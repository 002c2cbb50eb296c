"""Baggage travels as the API's own propagator has it, plain or not."""

from __future__ import annotations

import pytest
from opentelemetry import baggage
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.context import Context

from telemetry.instrument.carrying import Baggage

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
