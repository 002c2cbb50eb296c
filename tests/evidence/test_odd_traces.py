"""Traces that no sender is meant to make are explained all the same, from every side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evidence.evaluation import evidence_of
from telemetry import exchange
from tests.page.odd_traces import SHAPES, wide

if TYPE_CHECKING:
    from collections.abc import Callable

    from telemetry.records import LogRecord, Span
    from tests.page.odd_traces import OddTrace


@pytest.mark.parametrize(
    "shape", [each for each in SHAPES if each is not wide], ids=lambda shape: shape.__name__
)
def test_each_side_of_it_is_explained(shape: Callable[[], OddTrace]) -> None:
    odd = shape()
    spans: list[Span] = []
    logs: list[LogRecord] = []
    for _signal, body in odd.bodies():
        found = exchange.parse_import(body)
        assert found.problems == []
        spans += found.spans
        logs += found.logs
    whole = evidence_of(spans, logs, trace_id=odd.trace_id)
    assert whole["of"] == "calls"
    assert whole["diagnosis"]["sentences"]
    services = {span.resource.service_name for span in spans}
    services |= {log.resource.service_name for log in logs}
    assert set(whole["perspectives"]) == {"all", *services}
    for side in whole["perspectives"][1:3]:
        seen = evidence_of(spans, logs, trace_id=odd.trace_id, perspective=side)
        assert seen["diagnosis"]["headline"]
