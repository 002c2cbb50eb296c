"""Calls as the drawing shows them: what was sent, what arrived, what was lost, who gave up when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.message import Message
from boundary.error_kind import ErrorKind
from evidence.calls.case import was_stopped
from evidence.calls.rules.phrases import LONGEST
from evidence.model.sent import MOST_CROSSINGS, SentMessage
from evidence.model.trace import ended, moment
from telemetry.conventions.errors import grpc_code
from telemetry.conventions.names import http_status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from evidence.calls.call import Call
    from evidence.model.sent import Outcome
    from evidence.windows import FaultWindow
    from telemetry.records import Span

UNNAMED_SIDE = "?"
"""The lane of a side that no record names."""


def messages(
    calls: Iterable[Call], *, windows: Sequence[FaultWindow] = ()
) -> tuple[SentMessage, ...]:
    """Read the messages off the calls, in order of sending; ``windows`` are faults known of."""
    found: list[SentMessage] = []
    for place, call in enumerate(list(calls)[:MOST_CROSSINGS]):
        key = f"{_span_id(call)}-{place}"
        found += _requests(call, key, windows)
        if not call.is_message:
            found += _responses(call, key)
    return tuple(sorted(found, key=lambda message: message.sent)[: MOST_CROSSINGS * 4])


def sides(calls: Iterable[Call]) -> tuple[str, ...]:
    """Everyone who calls or is called, in order of the first call."""
    named = (side or UNNAMED_SIDE for call in calls for side in (call.caller, call.callee))
    return tuple(dict.fromkeys(named))


def _requests(call: Call, key: str, windows: Sequence[FaultWindow]) -> Iterator[SentMessage]:
    failed_at = call.over_at if call.failure is not None else None
    for copy, arrival in enumerate(call.arrivals or (None,)):
        received = moment(arrival) if arrival is not None else None
        sent = call.sent_at if call.sent_at is not None else received or call.began_at
        yield SentMessage(
            f"{key}-request-{copy}",
            "request",
            call.caller or UNNAMED_SIDE,
            call.callee or UNNAMED_SIDE,
            sent,
            received,
            _outcome_of_request(call, arrival, windows),
            call.queue or call.name[:LONGEST],
            call.kind,
            _span_id(call),
            failed_at,
        )


def _outcome_of_request(
    call: Call, arrival: Span | None, windows: Sequence[FaultWindow]
) -> Outcome:
    if arrival is not None:
        return "late" if call.gave_up and call.came_after_ms(arrival) else "delivered"
    if call.succeeded or call.answered_badly or call.broke_off:
        return "delivered"
    if call.kind == ErrorKind.CONNECT_REFUSED and call.never_sent:
        return "refused"
    return "lost" if call.never_sent or was_stopped(call, windows) else "unknown"


def _responses(call: Call, key: str) -> Iterator[SentMessage]:
    answered = call.succeeded or call.answered_badly
    if not call.arrivals:
        if answered and call.over_at is not None:
            yield _response(call, f"{key}-response-0", call.over_at, "delivered")
        return
    for copy, arrival in enumerate(call.arrivals):
        if ended(arrival):
            outcome = _outcome_of_response(call, arrival, is_first=copy == 0)
            # What worked on after its answer had sent that before.
            sent = arrival.end_time_unix_nano
            if outcome == "delivered" and call.over_at is not None and not call.skew_ms:
                sent = min(sent, call.over_at)
            yield _response(call, f"{key}-response-{copy}", sent, outcome, arrival)


def _outcome_of_response(call: Call, arrival: Span, *, is_first: bool) -> Outcome:
    if call.over_at is None or not is_first:
        return "unknown"
    if call.succeeded or call.answered_badly:
        return "delivered"
    is_open = call.gave_up or call.kind == ErrorKind.RESET
    if not is_open or call.broke_off:
        return "unknown"
    if call.outlasted_ms(arrival) is not None:
        return "late"
    return "lost" if call.ready_before_ms(arrival) is not None else "unknown"


def _response(
    call: Call, key: str, sent: int, outcome: Outcome, arrival: Span | None = None
) -> SentMessage:
    status = _status(arrival) if arrival is not None else ""
    if outcome == "delivered":
        status = call.status or status
    label = f"HTTP {status}" if status.isdecimal() else status
    return SentMessage(
        key,
        "response",
        call.callee or UNNAMED_SIDE,
        call.caller or UNNAMED_SIDE,
        sent,
        call.over_at if outcome == "delivered" else None,
        outcome,
        label or Message("message.answer"),
        call.kind,
        arrival.span_id if arrival is not None else _span_id(call),
    )


def _status(span: Span) -> str:
    status = http_status(span)
    return str(status) if status else grpc_code(span)


def _span_id(call: Call) -> str:
    return next((span.span_id for span in (call.client, *call.arrivals, call.cause) if span), "")
