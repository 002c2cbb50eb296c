"""Messages between the services: what was sent, what arrived, what was lost, who gave up when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.message import Message
from boundary.error_kind import ErrorKind
from evidence.model.clocks import clocks_disagree
from evidence.model.crossing import NO_ANSWER
from evidence.model.sent import MOST_CROSSINGS, SentMessage
from evidence.model.trace import moment
from evidence.orders import words
from evidence.windows import was_stopped
from telemetry.conventions.call_names import call_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from evidence.model.crossing import Crossing
    from evidence.model.sent import Outcome
    from evidence.windows import FaultWindow
    from telemetry.records import Span


def messages(
    crossings: Sequence[Crossing], *, windows: Iterable[FaultWindow] = ()
) -> tuple[SentMessage, ...]:
    """Read the messages off the crossings, in order of sending.

    ``windows`` are faults known from elsewhere. Without them, a request without an answer and
    without a trace on the other side has an unknown outcome, and keeps it.
    """
    known = tuple(windows)
    gave_up = _when_the_api_gave_up(crossings)
    found: list[SentMessage] = []
    keys: set[str] = set()
    for place, crossing in enumerate(crossings[:MOST_CROSSINGS]):
        if crossing.held_back:
            # Nothing was sent, and nothing was meant to be.
            continue
        # A span's id stays the same while more records come in; only reported nonsense collides.
        key = _span_id(crossing)
        key = f"{key}-{place}" if key in keys else key
        keys.add(key)
        found += _requests(crossing, key, known, gave_up)
        found += _responses(crossing, key)
    return tuple(sorted(found, key=lambda message: message.sent))


def _when_the_api_gave_up(crossings: Sequence[Crossing]) -> int | None:
    """When the API stopped waiting for an answer to its job; None if an attempt had one."""
    deliveries = [crossing for crossing in crossings if crossing.boundary == words.API_TO_WORKER]
    if any(crossing.succeeded for crossing in deliveries):
        return None
    failed = (c for c in deliveries if c.failed and not c.held_back)
    return min((c.over_at for c in failed if c.over_at is not None), default=None)


def _requests(
    crossing: Crossing, key: str, windows: Sequence[FaultWindow], gave_up: int | None
) -> Iterator[SentMessage]:
    arrivals: Sequence[Span | None] = crossing.arrivals or (None,)
    for copy, arrival in enumerate(arrivals):
        received = moment(arrival) if arrival is not None else None
        sent = crossing.sent_at
        yield SentMessage(
            f"{key}-request-{copy}",
            "request",
            crossing.sender,
            crossing.receiver,
            sent if sent is not None else received or 0,
            received,
            _outcome_of_request(crossing, received, windows, gave_up),
            _request_label(crossing),
            crossing.error_kind,
            _span_id(crossing),
            crossing.over_at if crossing.failed else None,
        )


def _outcome_of_request(
    crossing: Crossing, received: int | None, windows: Sequence[FaultWindow], gave_up: int | None
) -> Outcome:
    if received is not None:
        return "late" if _is_late(crossing, received, gave_up) else "delivered"
    if crossing.succeeded:
        return "delivered"
    if crossing.error_kind == ErrorKind.CONNECT_REFUSED:
        return "refused"
    if crossing.never_sent or was_stopped(crossing, windows):
        return "lost"
    return "unknown"


def _is_late(crossing: Crossing, received: int, gave_up: int | None) -> bool:
    """Whether a request came after its sender, or the one whom it answers, had given up."""
    if crossing.failed and crossing.over_at is not None and received > crossing.over_at:
        return True
    is_callback = crossing.boundary == words.WORKER_TO_API
    return is_callback and gave_up is not None and received > gave_up


def _responses(crossing: Crossing, key: str) -> Iterator[SentMessage]:
    if not crossing.arrivals:
        if crossing.answered and crossing.over_at is not None:
            yield _response(crossing, f"{key}-response-0", crossing.over_at, "delivered")
        return
    for copy, arrival in enumerate(crossing.arrivals):
        if arrival.end_time_unix_nano:
            outcome = _outcome_of_response(crossing, arrival, is_first=copy == 0)
            sent = arrival.end_time_unix_nano
            yield _response(crossing, f"{key}-response-{copy}", sent, outcome, arrival)


def _outcome_of_response(crossing: Crossing, arrival: Span, *, is_first: bool) -> Outcome:
    over = crossing.over_at
    if over is None or not is_first:
        # Nobody waits for the answer to a duplicate, or no record shows yet that it came.
        return "unknown"
    if crossing.answered:
        return "delivered"
    if crossing.error_kind not in NO_ANSWER or clocks_disagree(crossing):
        return "unknown"
    return "late" if arrival.end_time_unix_nano > over else "lost"


def _response(
    crossing: Crossing, key: str, sent: int, outcome: Outcome, arrival: Span | None = None
) -> SentMessage:
    status = crossing.http_status
    if (status is None or outcome != "delivered") and arrival is not None:
        # What was sent is on the sender's own record, whatever became of it.
        answered = arrival.attributes.get("http.response.status_code")
        status = answered if isinstance(answered, int) else None
    return SentMessage(
        key,
        "response",
        crossing.receiver,
        crossing.sender,
        sent,
        crossing.over_at if outcome == "delivered" else None,
        outcome,
        f"HTTP {status}" if status is not None else Message("message.answer"),
        crossing.error_kind,
        crossing.arrivals[0].span_id if crossing.arrivals else _span_id(crossing),
    )


def _request_label(crossing: Crossing) -> str:
    if crossing.boundary in words.REQUESTS:
        return words.REQUESTS[crossing.boundary]
    named = (*crossing.arrivals, crossing.client, crossing.send)
    return next((call_name(span) for span in named if span is not None), "")


def _span_id(crossing: Crossing) -> str:
    for span in (crossing.client, crossing.send, *crossing.arrivals):
        if span is not None:
            return span.span_id
    return crossing.log.span_id if crossing.log is not None else ""
