"""The calls of an order across the lab's boundaries, found in a trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundary.log_messages import (
    LOG_CALLBACK_FAILED,
    LOG_CALLBACK_SENT,
    LOG_CALLBACK_SKIPPED,
    LOG_JOB_DELIVERED,
    LOG_JOB_NOT_DELIVERED,
)
from evidence.model.crossing import Crossing, error_kind
from evidence.model.trace import Trace, attribute, key_of, log_message, service, text
from evidence.orders import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidence.model.trace import Key
    from telemetry.records import LogRecord, Span

OUTCOME_LOGS = {
    LOG_JOB_DELIVERED: words.API_TO_WORKER,
    LOG_JOB_NOT_DELIVERED: words.API_TO_WORKER,
    LOG_CALLBACK_SENT: words.WORKER_TO_API,
    LOG_CALLBACK_FAILED: words.WORKER_TO_API,
    LOG_CALLBACK_SKIPPED: words.WORKER_TO_API,
}
"""Log messages in which a sender writes the outcome of a call, with the boundary of the call."""

_ENDPOINTS = {name: boundary for boundary, name in words.REQUESTS.items()}


def crossings(trace: Trace) -> tuple[Crossing, ...]:
    """Find every call across a boundary, in order of time."""
    found = [*_from_sending_spans(trace)]
    known = {key_of(span) for crossing in found for span in crossing.spans}
    lone = [*_from_lone_clients(trace, known)]
    known |= {key_of(span) for crossing in lone for span in crossing.spans}
    found += [*lone, *_from_arrivals(trace, known), *_from_lone_logs(trace)]
    return tuple(sorted(found, key=lambda crossing: crossing.began_at))


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
            or any(_ENDPOINTS.get(arrival.name) == boundary for arrival in crossing.arrivals)
        )
    )


def _from_sending_spans(trace: Trace) -> Iterator[Crossing]:
    for send in trace.spans:
        ends = _ends(send)
        if ends is None:
            continue
        calls: list[Span | None] = [*_clients_within(trace, send)]
        for client in calls or [None]:
            arrivals = _arrivals(trace, client or send)
            is_last = not calls or client is calls[-1]
            yield _crossing(trace, ends, send, client, arrivals, is_last=is_last)


def _from_lone_clients(trace: Trace, known: set[Key]) -> Iterator[Crossing]:
    """Calls of any other application: CLIENT spans that no sending span of the lab's surrounds."""
    for client in trace.spans:
        if client.kind != "CLIENT" or key_of(client) in known:
            continue
        arrivals = _arrivals(trace, client)
        log = _log_of_missing_parent(trace, client)
        receiver = service(arrivals[0]) if arrivals else _peer(client)
        ends = (service(client), receiver)
        if log is not None:
            ends = words.ENDS[OUTCOME_LOGS[log_message(log)]]
        yield _crossing(trace, ends, None, client, arrivals, log=log)


def _from_arrivals(trace: Trace, known: set[Key]) -> Iterator[Crossing]:
    """Requests that arrived at one of the lab's endpoints, their sending unknown."""
    for span in trace.spans:
        boundary = _ENDPOINTS.get(span.name, "") if span.kind == "SERVER" else ""
        if boundary and key_of(span) not in known:
            sender, receiver = words.ENDS[boundary]
            yield Crossing(sender, receiver, arrivals=(span,))


def _from_lone_logs(trace: Trace) -> Iterator[Crossing]:
    """Outcomes of which only the log line is known: its span came late, or never."""
    with_client = {span.parent_span_id for span in trace.spans if span.kind == "CLIENT"}
    for log in trace.logs:
        boundary = OUTCOME_LOGS.get(log_message(log), "")
        if boundary and trace.span(log.span_id) is None and log.span_id not in with_client:
            sender, receiver = words.ENDS[boundary]
            yield Crossing(sender, receiver, log=log, error_kind=text(log, "errorKind"))


def _crossing(
    trace: Trace,
    ends: tuple[str, str],
    send: Span | None,
    client: Span | None,
    arrivals: tuple[Span, ...],
    *,
    is_last: bool = True,
    log: LogRecord | None = None,
) -> Crossing:
    # The records of a send that tried again within itself are of its last call's outcome.
    log = log or (_outcome_log(trace, send, client) if is_last else None)
    kind = error_kind(send if is_last else None, client, log)
    return Crossing(*ends, send, client, arrivals, log, kind)


def _ends(span: Span) -> tuple[str, str] | None:
    """Sender and receiver of a span around a call, by its attribute or by its name."""
    if span.kind == "SERVER":
        return None
    boundary = text(span, "lab.boundary")
    if boundary not in words.ENDS:
        boundary = words.SENDING_SPANS.get(span.name, "")
    return words.ENDS.get(boundary)


def _clients_within(trace: Trace, send: Span) -> list[Span]:
    own = service(send)
    return [
        span
        for span in trace.descendants(send)
        if span.kind == "CLIENT" and service(span) == own and _nearest_send(trace, span) is send
    ]


def _nearest_send(trace: Trace, span: Span) -> Span | None:
    return next((parent for parent in trace.ancestors(span) if _ends(parent)), None)


def _arrivals(trace: Trace, span: Span) -> tuple[Span, ...]:
    return tuple(child for child in trace.children(span) if child.kind == "SERVER")


def _outcome_log(trace: Trace, send: Span | None, client: Span | None) -> LogRecord | None:
    logs = [log for span in (send, client) if span is not None for log in trace.logs_of(span)]
    outcomes = [
        log for log in logs if log_message(log) in OUTCOME_LOGS or attribute(log, "errorKind")
    ]
    return outcomes[-1] if outcomes else None


def _log_of_missing_parent(trace: Trace, client: Span) -> LogRecord | None:
    """The outcome that was logged in the span around ``client``, where that span came late."""
    if trace.parent(client) is not None:
        return None
    logs = (log for log in trace.logs if log.span_id and log.span_id == client.parent_span_id)
    return next((log for log in logs if log_message(log) in OUTCOME_LOGS), None)


def _peer(client: Span) -> str:
    return text(client, "peer.service", "server.address", "net.peer.name", "url.full") or "?"
