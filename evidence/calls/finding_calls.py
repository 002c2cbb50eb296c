"""Finding the calls between services: by kinds of spans, parents, links and the conventions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from evidence.calls.call import Call
from evidence.calls.links import service_behind
from evidence.model.trace import Trace, key_of, service
from telemetry.conventions import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from evidence.model.trace import Key
    from telemetry.records import Span

    Arrivals = Mapping[Key, list[Span]]

_INCOMING = frozenset({"SERVER", "CONSUMER"})
# Calls nest a few deep in libraries; reported data may nest without end.
_MOST_WRAPPERS = 32
_MOST_LINKS = 1_000
_MOST_BELOW = 2_000
_LONGEST_NAME = 200


def calls(trace: Trace) -> tuple[Call, ...]:
    """Find every call and message, in order of time."""
    by_cause, by_nobody = _arrivals(trace)
    found = [*_from_callers(trace, by_cause), *_from_missing_callers(trace, by_nobody)]
    named = (_with_last_work(trace, call) for call in _named(trace, found))
    return tuple(sorted(named, key=lambda call: call.began_at))


def is_outgoing(span: Span) -> bool:
    """Whether a span is a caller's side of a call, or of a message."""
    return span.kind in ("CLIENT", "PRODUCER") and not names.is_receiving(span)


def _arrivals(trace: Trace) -> tuple[Arrivals, list[Span]]:
    """What came in from other services: by the span that caused it, and what nobody did."""
    by_cause: dict[Key, list[Span]] = defaultdict(list)
    by_nobody = []
    for span in trace.spans:
        causes = _causes(trace, span)
        for cause in causes:
            by_cause[key_of(cause)].append(span)
        is_from_elsewhere = names.is_receiving(span) and bool(_senders_elsewhere(trace, span))
        if not causes and (is_from_elsewhere or _has_missing_cause(trace, span)):
            by_nobody.append(span)
    return by_cause, by_nobody


def _senders_elsewhere(trace: Trace, span: Span) -> tuple[Span, ...]:
    """The spans of other traces that put a message into a queue which this one took."""
    if not trace.elsewhere:
        return ()
    ends = {(link.trace_id, link.span_id) for link in islice(span.links, _MOST_LINKS)}
    return tuple(
        each
        for each in trace.elsewhere
        if (each.trace_id, each.span_id) in ends and is_outgoing(each)
    )


def _takers_elsewhere(trace: Trace, span: Span) -> tuple[Span, ...]:
    """The spans of other traces that took the message of this one."""
    end = (span.trace_id, span.span_id)
    found = [
        each
        for each in trace.elsewhere
        if names.is_receiving(each)
        and any((link.trace_id, link.span_id) == end for link in islice(each.links, _MOST_LINKS))
    ]
    return tuple(each for group in _by_service(found).values() for each in group)


def _causes(trace: Trace, span: Span) -> list[Span]:
    """The spans of other sides that caused this one: its parent, else those that it links to."""
    parent = trace.parent(span)
    if parent is not None and _crosses(parent, span):
        return [parent]
    if not names.is_receiving(span):
        return []
    linked = (
        trace.span(link.span_id)
        for link in islice(span.links, _MOST_LINKS)
        if link.trace_id == span.trace_id
    )
    unique = {key_of(each): each for each in linked if each is not None and is_outgoing(each)}
    return list(unique.values())


def _crosses(parent: Span, span: Span) -> bool:
    if service(parent) != service(span):
        return True
    return is_outgoing(parent) and (span.kind in _INCOMING or names.is_receiving(span))


def _has_missing_cause(trace: Trace, span: Span) -> bool:
    """Whether a span came from a side of which nothing is on record."""
    if span.kind == "CONSUMER":
        return trace.parent(span) is None
    is_named = bool(span.parent_span_id) and span.parent_span_id != span.span_id
    return span.kind == "SERVER" and is_named and trace.parent(span) is None


def _from_callers(trace: Trace, by_cause: Arrivals) -> Iterator[Call]:
    wrappers = _wrappers(trace, by_cause)
    for span in trace.spans:
        groups = _by_service(by_cause.get(key_of(span), ()))
        if is_outgoing(span) and key_of(span) not in wrappers:
            yield from _from_client(trace, span, groups)
        else:
            for callee, arrivals in groups.items():
                yield Call(service(span), callee, cause=span, arrivals=arrivals)


def _from_client(
    trace: Trace, client: Span, groups: Mapping[str, tuple[Span, ...]]
) -> Iterator[Call]:
    is_message = names.is_sending(client)
    queue = names.text(client, names.QUEUE) or names.text(client, names.MESSAGING)
    queue = queue[:_LONGEST_NAME] if is_message else ""
    takers = _takers_elsewhere(trace, client) if is_message else ()
    if not groups:
        callee = service(takers[0]) if takers else ""
        message = Call(service(client), callee, client, queue=queue, is_message=is_message)
        yield replace(message, elsewhere=takers)
    for place, (callee, arrivals) in enumerate(groups.items()):
        # One outcome is on the caller's record; a message has as many takers as there are groups.
        own = client if is_message or place == 0 else None
        cause = None if own is not None else client
        queue = queue or _queue_of(arrivals)
        yield Call(
            service(client), callee, own, cause, arrivals, queue=queue, is_message=is_message
        )


def _from_missing_callers(trace: Trace, arrivals: Iterable[Span]) -> Iterator[Call]:
    of_one_span: dict[tuple[str, str, str], list[Span]] = defaultdict(list)
    came = list(arrivals)
    of_elsewhere = {id(span): found for span in came if (found := _senders_elsewhere(trace, span))}
    # A library may have one span of receiving a batch and another of what is done with it.
    processing = {service(span) for span in came if not _only_receives(span)}
    for span in came:
        senders = of_elsewhere.get(id(span), ())
        if senders and _only_receives(span) and service(span) in processing:
            continue
        if names.is_receiving(span):
            by_whom = {service(each) for each in senders}
            yield Call(
                next(iter(by_whom)) if len(by_whom) == 1 else "",
                service(span),
                arrivals=(span,),
                queue=_queue_of((span, *senders)),
                is_message=True,
                elsewhere=senders,
            )
        else:
            of_one_span[service(span), span.parent_span_id, span.name].append(span)
    for (callee, _, _), spans in of_one_span.items():
        yield Call("", callee, arrivals=tuple(spans))


def _queue_of(arrivals: Iterable[Span]) -> str:
    received = [span for span in arrivals if names.is_receiving(span)]
    found = (name for span in received if (name := names.text(span, names.QUEUE)))
    return next(found, "")[:_LONGEST_NAME]


def _by_service(arrivals: Iterable[Span]) -> dict[str, tuple[Span, ...]]:
    """Arrivals by service. Those that take the call in count; else its first span stands for it."""
    found: dict[str, list[Span]] = defaultdict(list)
    for span in arrivals:
        found[service(span)].append(span)
    return {name: _entrances(spans) for name, spans in found.items()}


def _with_last_work(trace: Trace, call: Call) -> Call:
    """A call that knows what of its callee's own work ended last, where that is no arrival."""
    last = tuple(_last_work(trace, arrival) for arrival in call.arrivals)
    return call if last == call.arrivals else replace(call, last_work=last)


def _last_work(trace: Trace, arrival: Span) -> Span:
    last, waiting, looked_at = arrival, [arrival], 0
    while waiting and looked_at < _MOST_BELOW:
        span = waiting.pop()
        looked_at += 1
        if span.end_time_unix_nano > last.end_time_unix_nano:
            last = span
        waiting += (
            child
            for child in trace.children(span)
            if service(child) == service(arrival) and child.kind not in _INCOMING
        )
    return last


def _entrances(spans: list[Span]) -> tuple[Span, ...]:
    working = [span for span in spans if span.kind in _INCOMING]
    processing = [span for span in working if not _only_receives(span)]
    return tuple(processing or working[:1] or spans[:1])


def _only_receives(span: Span) -> bool:
    operation = names.text(span, names.OPERATION).lower()
    return names.is_receiving(span) and operation not in ("", "process", "deliver")


def _wrappers(trace: Trace, by_cause: Arrivals) -> set[Key]:
    """Calls that only wrap a library's own call: the inner one has the outcome.

    Of a message the outer one is kept, since that is what its consumer names.
    """
    dropped = set()
    for span in trace.spans:
        if not is_outgoing(span):
            continue
        outer = _call_around(trace, span)
        if outer is None:
            continue
        inner_is_transport = names.is_sending(outer) and not names.is_sending(span)
        unneeded = span if inner_is_transport else outer
        if not by_cause.get(key_of(unneeded)):
            dropped.add(key_of(unneeded))
    return dropped


def _call_around(trace: Trace, span: Span) -> Span | None:
    """The same service's call to the same place, or to an unknown one, that encloses this one."""
    for above in islice(trace.ancestors(span), _MOST_WRAPPERS):
        if service(above) != service(span) or above.kind in _INCOMING:
            return None
        if is_outgoing(above):
            place = names.authority(above)
            return above if names.is_sending(above) or _same(place, names.authority(span)) else None
    return None


def _same(outer: str, inner: str) -> bool:
    return not outer or not inner or outer == inner


def _named(trace: Trace, found: Iterable[Call]) -> Iterator[Call]:
    """Name each callee: by its own records, by where its address led or leads, else as called."""
    listed = list(found)
    known = {service(span) for span in trace.spans}
    led_to = {
        place: call.callee
        for call in listed
        if call.client is not None and call.callee and (place := names.place(call.client))
    }
    for call in listed:
        if call.callee or call.client is None:
            yield call
            continue
        place = names.place(call.client)
        callee = led_to.get(place) or service_behind(place)
        callee = callee or (place if place in known else names.peer(call.client)[:_LONGEST_NAME])
        if call.is_message:
            callee = call.queue or callee
        yield replace(call, callee=callee)
