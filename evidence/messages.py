"""Messages between the services: what was sent, what arrived, what was lost, who gave up when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from django.utils.translation import gettext as _

from evidence import words
from evidence.clocks import clocks_disagree
from evidence.trace import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from evidence.crossings import Crossing
    from telemetry.records import Span

Outcome: TypeAlias = Literal["delivered", "lost", "unknown", "late", "refused"]

MOST_CROSSINGS = 1_000
"""Calls of one trace whose messages are told: the first ones; more would show nobody anything."""

_REQUEST_STOPPERS = frozenset({"cut", "request_lost"})
_REQUESTS = {
    words.CLIENT_TO_API: "POST /orders",
    words.API_TO_WORKER: "POST /jobs/reserve-stock",
    words.WORKER_TO_API: "POST /internal/order-events",
}


@dataclass(frozen=True, slots=True)
class FaultWindow:
    """A fault that was in force on a link, in Unix nanoseconds; ``end`` is None while it is."""

    target: str
    kind: str
    start_unix_nano: int
    end_unix_nano: int | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One request or response. Times are Unix nanoseconds, each by its own service's clock.

    A response whose sending is in nobody's records counts as sent when it came, and a request
    likewise.
    """

    id: str
    kind: Literal["request", "response"]
    sender: str
    receiver: str
    sent: int
    received: int | None
    outcome: Outcome
    label: str
    error_kind: str = ""
    span_id: str = ""
    gave_up: int | None = None


def messages(
    crossings: Sequence[Crossing], *, windows: Iterable[FaultWindow] = ()
) -> tuple[Message, ...]:
    """Read the messages off the crossings, in order of sending.

    ``windows`` are faults known from elsewhere. Without them, a request without an answer and
    without a trace on the other side is of unknown fate, and stays so.
    """
    known = tuple(windows)
    gave_up = _when_the_api_gave_up(crossings)
    found: list[Message] = []
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
    return min((c.over for c in failed if c.over is not None), default=None)


def _requests(
    crossing: Crossing, key: str, windows: Sequence[FaultWindow], gave_up: int | None
) -> Iterator[Message]:
    arrivals: Sequence[Span | None] = crossing.arrivals or (None,)
    for copy, arrival in enumerate(arrivals):
        received = moment(arrival) if arrival is not None else None
        sent = crossing.sent
        yield Message(
            f"{key}-request-{copy}",
            "request",
            crossing.sender,
            crossing.receiver,
            sent if sent is not None else received or 0,
            received,
            _fate_of_request(crossing, received, windows, gave_up),
            _request_label(crossing),
            crossing.error_kind,
            _span_id(crossing),
            crossing.over if crossing.failed else None,
        )


def _fate_of_request(
    crossing: Crossing, received: int | None, windows: Sequence[FaultWindow], gave_up: int | None
) -> Outcome:
    if received is not None:
        return "late" if _is_late(crossing, received, gave_up) else "delivered"
    if crossing.succeeded:
        return "delivered"
    if crossing.error_kind == "connect_refused":
        return "refused"
    if crossing.error_kind in words.NEVER_SENT or _was_stopped(crossing, windows):
        return "lost"
    return "unknown"


def _is_late(crossing: Crossing, received: int, gave_up: int | None) -> bool:
    """Whether a request came after its sender, or the one whom it answers, had given up."""
    if crossing.failed and crossing.over is not None and received > crossing.over:
        return True
    is_callback = crossing.boundary == words.WORKER_TO_API
    return is_callback and gave_up is not None and received > gave_up


def _was_stopped(crossing: Crossing, windows: Sequence[FaultWindow]) -> bool:
    """Whether a fault that lets no request through was in force during the whole call."""
    sent, over = crossing.sent, crossing.over
    if sent is None or over is None:
        return False
    return any(
        window.target == crossing.boundary.replace("->", "-to-")
        and window.kind in _REQUEST_STOPPERS
        and window.start_unix_nano <= sent
        and (window.end_unix_nano is None or window.end_unix_nano >= over)
        for window in windows
    )


def _responses(crossing: Crossing, key: str) -> Iterator[Message]:
    answered = crossing.succeeded or crossing.error_kind in words.ANSWERED
    if not crossing.arrivals:
        if answered and crossing.over is not None:
            yield _response(crossing, f"{key}-response-0", crossing.over, "delivered")
        return
    for copy, arrival in enumerate(crossing.arrivals):
        if arrival.end_time_unix_nano:
            fate = _fate_of_response(crossing, arrival, is_first=copy == 0)
            sent = arrival.end_time_unix_nano
            yield _response(crossing, f"{key}-response-{copy}", sent, fate, arrival)


def _fate_of_response(crossing: Crossing, arrival: Span, *, is_first: bool) -> Outcome:
    over = crossing.over
    if over is None or not is_first:
        # Nobody waits for the answer to a duplicate, or nobody has said yet that it came.
        return "unknown"
    if crossing.succeeded or crossing.error_kind in words.ANSWERED:
        return "delivered"
    if crossing.error_kind not in words.NO_ANSWER or clocks_disagree(crossing):
        return "unknown"
    return "late" if arrival.end_time_unix_nano > over else "lost"


def _response(
    crossing: Crossing, key: str, sent: int, outcome: Outcome, arrival: Span | None = None
) -> Message:
    status = crossing.http_status
    if (status is None or outcome != "delivered") and arrival is not None:
        # What was sent is on the sender's own record, whatever became of it.
        answered = arrival.attributes.get("http.response.status_code")
        status = answered if isinstance(answered, int) else None
    return Message(
        key,
        "response",
        crossing.receiver,
        crossing.sender,
        sent,
        crossing.over if outcome == "delivered" else None,
        outcome,
        f"HTTP {status}" if status is not None else _("answer"),
        crossing.error_kind,
        crossing.arrivals[0].span_id if crossing.arrivals else _span_id(crossing),
    )


def _request_label(crossing: Crossing) -> str:
    if crossing.boundary in _REQUESTS:
        return _REQUESTS[crossing.boundary]
    named = (*crossing.arrivals, crossing.client, crossing.send)
    return next((span.name for span in named if span is not None), "")


def _span_id(crossing: Crossing) -> str:
    for span in (crossing.client, crossing.send, *crossing.arrivals):
        if span is not None:
            return span.span_id
    return crossing.log.span_id if crossing.log is not None else ""
