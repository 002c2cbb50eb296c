"""Calls across a boundary, put together from both sides' records as far as there are any.

A crossing is one attempt: the span around the call (``job.deliver``, ``callback.send``), the
HTTP CLIENT span inside, the SERVER spans that it caused on the other side (none when it was
lost, several when it was duplicated), and the log line of its outcome.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence import words
from evidence.trace import (
    NANOS_PER_MS,
    Record,
    Trace,
    attribute,
    duration_ms,
    message,
    moment,
    number,
    service,
    text,
)
from telemetry.records import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telemetry.records import LogRecord

_OUTCOMES = {
    words.SAID_DELIVERED: words.API_TO_WORKER,
    words.SAID_NOT_DELIVERED: words.API_TO_WORKER,
    words.SAID_CALLED_BACK: words.WORKER_TO_API,
    words.SAID_NOT_CALLED_BACK: words.WORKER_TO_API,
    words.SAID_SKIPPED: words.WORKER_TO_API,
}
_DOORS = {
    "POST /orders": words.CLIENT_TO_API,
    "POST /jobs/reserve-stock": words.API_TO_WORKER,
    "POST /internal/order-events": words.WORKER_TO_API,
}
_SERVER_ERROR = 500
_CLIENT_ERROR = 400
_UNNAMED = "error"


@dataclass(frozen=True, slots=True)
class Crossing:
    """One attempt to call across a boundary. Times are Unix nanoseconds."""

    sender: str
    receiver: str
    send: Span | None = None
    client: Span | None = None
    arrivals: tuple[Span, ...] = ()
    log: LogRecord | None = None
    error_kind: str = ""

    @property
    def boundary(self) -> str:
        """Sender and receiver, as the contract writes it."""
        return f"{self.sender}->{self.receiver}"

    @property
    def sending(self) -> tuple[Record, ...]:
        """The sender's records, the outermost span first."""
        return tuple(record for record in (self.send, self.client, self.log) if record is not None)

    @property
    def account(self) -> tuple[Record, ...]:
        """The records in which the sender tells the outcome: its log line, else its spans."""
        if self.log is not None:
            return tuple(record for record in (self.log, self.send) if record is not None)
        return self.sending

    @property
    def sent(self) -> int | None:
        """When the sender began to call; None when that is not among the records."""
        if self.client is not None or self.send is not None:
            return moment(self.client or self.send)  # type: ignore[arg-type] # one of them is there
        if self.log is None:
            return None
        return moment(self.log) - (self.elapsed_ms or 0) * NANOS_PER_MS

    @property
    def over(self) -> int | None:
        """When the call was over for the sender: answered, failed or given up."""
        for span in (self.client, self.send):
            if span is not None and span.end_time_unix_nano:
                return span.end_time_unix_nano
        return moment(self.log) if self.log is not None else None

    @property
    def failed(self) -> bool:
        """Whether the sender holds that the call failed."""
        return bool(self.error_kind) or self.held_back

    @property
    def held_back(self) -> bool:
        """Whether the sender's own circuit breaker let nothing be sent."""
        if self.client is not None or self.arrivals:
            return False
        return not self.error_kind and any(_is_held_back(record) for record in self.sending)

    @property
    def never_sent(self) -> bool:
        """Whether no byte of the request can have left the sender."""
        return self.held_back or self.error_kind in words.NEVER_SENT

    @property
    def waited_ms(self) -> int | None:
        """How long the sender waited after the attempt before this one."""
        return self._number("lab.wait_ms")

    @property
    def succeeded(self) -> bool:
        """Whether the sender had an answer that it took for a good one."""
        return not self.failed and self.over is not None

    @property
    def unanswered(self) -> bool:
        """Whether the call has no known outcome for the sender."""
        return bool(self.sending) and self.over is None

    @property
    def http_status(self) -> int | None:
        """The status of the answer that the sender had."""
        return self._number("http.response.status_code", "http.status_code", "httpStatus")

    @property
    def attempt(self) -> int | None:
        """Which attempt this was, from 1."""
        return self._number("lab.attempt", "attempt")

    @property
    def max_attempts(self) -> int | None:
        """How many attempts the sender allowed itself."""
        return self._number("lab.max_attempts", "maxAttempts")

    @property
    def timeout_ms(self) -> int | None:
        """How long the sender was ready to wait for the whole call."""
        return self._number("lab.timeout_ms", "timeoutMs")

    @property
    def elapsed_ms(self) -> int | None:
        """How long the call took until its outcome."""
        said = self._number("lab.elapsed_ms", "elapsedMs")
        if said is not None:
            return said
        span = self.client or self.send
        return duration_ms(span) if span is not None else None

    def _number(self, *keys: str) -> int | None:
        found = (number(record, *keys) for record in self.sending)
        return next((value for value in found if value is not None), None)


def crossings(trace: Trace) -> tuple[Crossing, ...]:
    """Find every call across a boundary, in order of time."""
    found = [*_from_sending_spans(trace)]
    known = {span.span_id for crossing in found for span in _spans(crossing)}
    lone = [*_from_lone_clients(trace, known)]
    known |= {span.span_id for crossing in lone for span in _spans(crossing)}
    found += [*lone, *_from_arrivals(trace, known), *_from_lone_logs(trace)]
    return tuple(sorted(found, key=lambda crossing: _when(crossing)))


def of_boundary(found: tuple[Crossing, ...], boundary: str) -> tuple[Crossing, ...]:
    """Keep the orders' own crossings of one boundary: jobs, events, orders placed.

    A call that goes the same way for another reason, such as asking what became of an order, is
    none of them.
    """
    return tuple(
        crossing
        for crossing in found
        if crossing.boundary == boundary
        and (
            crossing.send is not None
            or crossing.log is not None
            or any(_DOORS.get(arrival.name) == boundary for arrival in crossing.arrivals)
        )
    )


def _from_sending_spans(trace: Trace) -> Iterator[Crossing]:
    for send in trace.spans:
        boundary = _boundary(send)
        if not boundary:
            continue
        sender, receiver = boundary
        clients = _clients_within(trace, send)
        if not clients:
            arrivals = _arrivals(trace, send)
            yield _crossing(trace, sender, receiver, send=send, arrivals=arrivals)
        for client in clients:
            yield _crossing(
                trace,
                sender,
                receiver,
                send=send,
                client=client,
                arrivals=_arrivals(trace, client),
                is_last=client is clients[-1],
            )


def _from_lone_clients(trace: Trace, known: set[str]) -> Iterator[Crossing]:
    """Calls of any other application: CLIENT spans that no sending span of the lab's surrounds."""
    for client in trace.spans:
        if client.kind != "CLIENT" or client.span_id in known:
            continue
        arrivals = _arrivals(trace, client)
        receiver = service(arrivals[0]) if arrivals else _peer(client)
        yield _crossing(trace, service(client), receiver, client=client, arrivals=arrivals)


def _from_arrivals(trace: Trace, known: set[str]) -> Iterator[Crossing]:
    """Requests that arrived at one of the lab's doors, their sending unknown."""
    for span in trace.spans:
        boundary = _DOORS.get(span.name, "") if span.kind == "SERVER" else ""
        if boundary and span.span_id not in known:
            sender, receiver = words.ENDS[boundary]
            yield Crossing(sender, receiver, arrivals=(span,))


def _from_lone_logs(trace: Trace) -> Iterator[Crossing]:
    """Outcomes of which only the log line is known: its span came late, or never."""
    for log in trace.logs:
        boundary = _OUTCOMES.get(message(log), "")
        if boundary and trace.span(log.span_id) is None:
            sender, receiver = words.ENDS[boundary]
            yield Crossing(sender, receiver, log=log, error_kind=text(log, "errorKind"))


def _crossing(
    trace: Trace,
    sender: str,
    receiver: str,
    *,
    send: Span | None = None,
    client: Span | None = None,
    arrivals: tuple[Span, ...] = (),
    is_last: bool = True,
) -> Crossing:
    # A send that tried again within itself tells the outcome of its last call.
    teller = send if is_last else None
    log = _outcome_log(trace, send, client) if is_last else None
    kind = _error_kind(teller, client, log)
    return Crossing(sender, receiver, send, client, arrivals, log, kind)


def _boundary(span: Span) -> tuple[str, str] | None:
    """Sender and receiver of a span around a call, as it says itself or as its name says."""
    if span.kind == "SERVER":
        return None
    said = text(span, "lab.boundary")
    if said not in words.ENDS:
        said = words.SENDING_SPANS.get(span.name, "")
    return words.ENDS.get(said)


def _clients_within(trace: Trace, send: Span) -> list[Span]:
    own = service(send)
    return [
        span
        for span in trace.descendants(send)
        if span.kind == "CLIENT"
        and service(span) == own
        and _nearest_send(trace, span) == send.span_id
    ]


def _nearest_send(trace: Trace, span: Span) -> str:
    above = (parent.span_id for parent in trace.ancestors(span) if _boundary(parent))
    return next(above, "")


def _arrivals(trace: Trace, span: Span) -> tuple[Span, ...]:
    return tuple(child for child in trace.children(span) if child.kind == "SERVER")


def _outcome_log(trace: Trace, send: Span | None, client: Span | None) -> LogRecord | None:
    logs = [log for span in (send, client) if span is not None for log in trace.logs_of(span)]
    told = [log for log in logs if message(log) in _OUTCOMES or attribute(log, "errorKind")]
    return told[-1] if told else None


def _error_kind(send: Span | None, client: Span | None, log: LogRecord | None) -> str:
    for record in (send, log):
        kind = text(record, "error.type", "errorKind") if record is not None else ""
        if kind:
            return kind
    if send is not None and send.status_code == "ERROR":
        if client is None and _is_held_back(send):
            return ""
        return _kind_of_client(client or send)
    if send is None and client is not None and _is_error(client):
        return _kind_of_client(client)
    return ""


def _is_held_back(record: Record) -> bool:
    # A probe that was let through says the same of the breaker, and does not fail by it.
    if isinstance(record, Span) and record.status_code != "ERROR":
        return False
    return text(record, *words.ATTRIBUTE_BREAKER) in words.BREAKER_HOLDS_BACK


def _kind_of_client(span: Span) -> str:
    status = number(span, "http.response.status_code", "http.status_code") or 0
    if status >= _SERVER_ERROR:
        return "http_5xx"
    if status >= _CLIENT_ERROR:
        return "http_4xx"
    return text(span, "error.type") or _UNNAMED


def _is_error(span: Span) -> bool:
    return span.status_code == "ERROR" or bool(text(span, "error.type"))


def _peer(client: Span) -> str:
    return text(client, "peer.service", "server.address", "net.peer.name", "url.full") or "?"


def _spans(crossing: Crossing) -> Iterator[Span]:
    yield from (span for span in (crossing.send, crossing.client) if span is not None)
    yield from crossing.arrivals


def _when(crossing: Crossing) -> int:
    sent = crossing.sent
    if sent is not None:
        return sent
    return min((moment(span) for span in crossing.arrivals), default=0)
