"""The log lines named in the settings say what has become of a trace's order."""

from __future__ import annotations

import pytest

from boundary.log_messages import (
    LOG_EVENT_TOO_LATE,
    LOG_ORDER_ACCEPTED,
    LOG_ORDER_CANCELLED,
    LOG_ORDER_CONFIRMED,
    LOG_ORDER_REJECTED,
)
from telemetry.records import LogRecord
from telemetry.store.entries import entries
from telemetry.store.summaries import deltas

TRACE = "a" * 32


@pytest.mark.parametrize(
    ("messages", "status"),
    [
        ([LOG_ORDER_ACCEPTED], "PENDING"),
        ([LOG_ORDER_ACCEPTED, LOG_ORDER_CONFIRMED], "CONFIRMED"),
        ([LOG_ORDER_ACCEPTED, LOG_ORDER_REJECTED], "REJECTED"),
        ([LOG_ORDER_ACCEPTED, LOG_ORDER_CANCELLED, LOG_EVENT_TOO_LATE], "CANCELLED"),
        ([LOG_ORDER_CONFIRMED, LOG_ORDER_ACCEPTED], "CONFIRMED"),
        (["hello"], ""),
    ],
)
def test_an_order_stands_as_its_lines_say_in_any_order(messages: list[str], status: str) -> None:
    logs = [
        LogRecord(seq, body=body, trace_id=TRACE, attributes={"requestId": "r"})
        for seq, body in enumerate(messages)
    ]
    made = entries([], logs).logs
    assert deltas([], list(enumerate(made)))[TRACE].order_status == status
