"""The kind of a span's failure in the list of traces: each failure stands there once."""

from __future__ import annotations

import pytest

from telemetry.records import Resource, Span
from telemetry.store.rows import error_kind_of


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
def test_a_failure_is_named_once(attributes: dict[str, str], kind: str) -> None:
    span = Span(
        trace_id="1" * 32,
        span_id="2" * 16,
        name="GET",
        kind="CLIENT",
        start_time_unix_nano=1,
        end_time_unix_nano=2,
        status_code="ERROR",
        attributes={"error.type": "http_5xx", "http.response.status_code": 502, **attributes},
        resource=Resource({"service.name": "client"}),
    )
    assert error_kind_of(span) == kind
