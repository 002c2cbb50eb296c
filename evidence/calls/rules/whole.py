"""Sentences about a whole trace: what failed in it, what has not ended, where its time went."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from base.message import Message
from evidence.calls.call import ALSO_WITHOUT_ANSWER
from evidence.calls.finding_calls import is_outgoing
from evidence.calls.rules.phrases import LONGEST, logged, name_of, span_failed
from evidence.model.finding import Finding, Sentence, sentence
from evidence.model.trace import NANOS_PER_MS, duration_ms, ended, moment, service
from telemetry.conventions.call_names import call_name
from telemetry.conventions.errors import grpc_code
from telemetry.conventions.names import http_status

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from base.message import Parameter
    from evidence.calls.case import Case
    from telemetry.records import Span

_SEVERITY_ERROR = 17
_MOST_LISTED = 3


def nothing(case: Case) -> Finding:
    """This perspective has no record at all."""
    if case.seen.everything:
        fact = sentence("fact", Message("nothing.no_record"))
        return Finding(Message("nothing.headline"), (fact,))
    side = {"service": case.seen.perspective}
    return Finding(
        Message("nothing.side_headline"),
        (
            sentence("fact", Message("nothing.no_record_of_side", side)),
            sentence("unknown", Message("nothing.lost_or_not_sent", side)),
            sentence("settles", Message("nothing.settles")),
        ),
    )


def span_of_its_own(case: Case, explained: Container[int]) -> Finding | None:
    """A span that failed without a call that failed: the innermost one."""
    failing = [
        span
        for span in case.failed_spans
        if id(span) not in explained and not case.is_cause_of_call(span)
    ]
    if not failing:
        return None
    above = {id(each) for span in failing for each in case.trace.ancestors(span)}
    inner = next((span for span in failing if id(span) not in above), failing[0])
    named: dict[str, Parameter] = {"service": service(inner), "span": name_of(inner)}
    return Finding(Message("calls.span_headline", named), (span_failed(inner),))


def logged_error(case: Case) -> Finding | None:
    """An error that a service logged, where no span failed."""
    logs = [log for log in case.trace.logs if log.severity_number >= _SEVERITY_ERROR]
    if not logs:
        return None
    headline = Message("calls.logged_headline", {"service": service(logs[0])})
    return Finding(headline, tuple(map(logged, logs[:_MOST_LISTED])))


def in_the_end(case: Case) -> Iterator[Sentence]:
    """What the services that were called first answered, where it was a failure."""
    for span in case.failed_spans:
        status = http_status(span) or grpc_code(span)
        if span.kind == "SERVER" and status and case.trace.parent(span) is None:
            params: dict[str, Parameter] = {
                "service": service(span),
                "span": name_of(span),
                "status": str(status),
            }
            # What gRPC's library may have ended with, whether its caller was there or not.
            is_open = status in ALSO_WITHOUT_ANSWER
            code = "calls.ended_in_the_end" if is_open else "calls.answered_in_the_end"
            yield sentence("fact", Message(code, params), span)


def ended_process(case: Case) -> Finding | None:
    """A span whose process ended in the middle of it."""
    for span in case.trace.spans:
        if span.state == "abandoned":
            params = {"service": service(span), "span": call_name(span)[:LONGEST]}
            return Finding(
                Message("crashed.headline", params),
                (
                    sentence("certain", Message("crashed.in_the_middle", params), span),
                    sentence("unknown", Message("crashed.work_unknown"), span),
                    sentence("settles", Message("crashed.settles")),
                ),
            )
    return None


def under_way(case: Case) -> Finding | None:
    """A span that has begun and has not ended yet."""
    for span in case.trace.spans:
        if span.state == "open" and not ended(span):
            params = {"service": service(span), "span": call_name(span)[:LONGEST]}
            return Finding(
                Message("running.headline"),
                (
                    sentence("fact", Message("running.not_ended", params), span),
                    sentence("unknown", Message("running.end_unknown"), span),
                    sentence("settles", Message("running.settles")),
                ),
            )
    return None


def where_time_went(case: Case) -> Iterator[Sentence]:
    """The whole length, and the spans in which most of it was spent."""
    timed = [span for span in case.trace.spans if duration_ms(span) is not None]
    if not timed:
        count = len(case.services)
        records = case.trace.records[:_MOST_LISTED]
        yield sentence("fact", Message("general.services", {"count": count}), *records)
        return
    first = min(moment(span) for span in timed)
    last = max(max(span.end_time_unix_nano, moment(span)) for span in timed)
    own = sorted(timed, key=lambda span: _own_time(case, span), reverse=True)[:_MOST_LISTED]
    called = {id(call.client): call.callee for call in case.calls if not call.is_message}
    listed = tuple(
        _spent(span, ms, called.get(id(span), ""))
        for span in own
        if (ms := _ms(_own_time(case, span))) > 0
    )
    params: dict[str, Parameter] = {
        "count": len(case.services),
        "ms": _ms(last - first),
        "listed": listed,
    }
    code = "calls.where_time_went" if listed else "calls.took"
    yield sentence("fact", Message(code, params), *own)


def _spent(span: Span, ms: int, callee: str) -> Message:
    """How long a service was at something, or waited for somebody."""
    params: dict[str, Parameter] = {
        "service": service(span),
        "span": call_name(span, beside=callee)[:LONGEST] or Message("calls.no_name"),
        "ms": ms,
    }
    if callee:
        return Message("calls.time_waiting_for", {**params, "callee": callee})
    return Message("calls.time_waiting" if is_outgoing(span) else "calls.time_in", params)


def _own_time(case: Case, span: Span) -> int:
    """Nanoseconds of a span in which none of its children was under way."""
    start, end = moment(span), span.end_time_unix_nano
    covered, reached = 0, start
    for child in case.trace.children(span):
        begins, ends = max(moment(child), reached), min(child.end_time_unix_nano, end)
        if ends > begins:
            covered += ends - begins
            reached = ends
    return max(0, end - start - covered)


def _ms(nanoseconds: int) -> int:
    return round(nanoseconds / NANOS_PER_MS)


def missing_sides(case: Case) -> Iterator[Sentence]:
    """Callers of whom nothing is on record, so that what they saw is open."""
    by_callee: dict[str, list[Span]] = defaultdict(list)
    for call in case.calls:
        if not call.caller and not call.is_message:
            by_callee[call.callee] += call.arrivals
    for name, spans in by_callee.items():
        code = "calls.caller_missing" if case.seen.everything else "calls.caller_hidden"
        message = Message(code, {"callee": name, "call": name_of(spans[0])})
        yield sentence("unknown", message, *spans[:_MOST_LISTED])
