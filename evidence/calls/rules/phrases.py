"""Messages and sentences that several rules use."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from base.message import Message, Parameter
from boundary.error_kind import ErrorKind
from evidence.calls.case import arrived
from evidence.model.finding import Sentence, sentence
from evidence.model.trace import log_message, service
from telemetry.conventions.call_names import call_name
from telemetry.conventions.errors import failure_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidence.calls.call import Call
    from evidence.calls.case import Case
    from telemetry.records import LogRecord, Span

LONGEST = 200
"""Most characters of what a sender wrote that a sentence takes in."""

_MOST_BELOW = 2_000
_MOST_HEARD = 3
_MOST_LOGGED = 3
EXPLAINED = frozenset({*ErrorKind} - {ErrorKind.HTTP_4XX, ErrorKind.HTTP_5XX})
"""Ways to fail that have words of their own: ``how.<kind>``."""

_UNNAMED = frozenset({"error", "_OTHER"})


def ends(call: Call) -> dict[str, Parameter]:
    """Caller, callee and name of a call, as its sentences name them."""
    return {
        "caller": call.caller or Message("calls.some_caller"),
        "callee": callee(call),
        "call": call.name[:LONGEST] or Message("calls.no_name"),
    }


def name_of(span: Span) -> Parameter:
    """A span's name, as sentences about it have it."""
    return call_name(span)[:LONGEST] or Message("calls.no_name")


def callee(call: Call) -> Parameter:
    """The called side as a sentence names it."""
    return call.callee or Message("calls.some_callee")


def milliseconds(value: int | None) -> int | str:
    """A number, or a question mark where it is not on record."""
    return "?" if value is None else value


def how(call: Call) -> Message:
    """How a call failed: its kind in words, and what was written."""
    failure = call.failure
    if failure is None or failure.kind in _UNNAMED:
        return Message("how.unnamed")
    if call.answered_badly and call.status:
        return Message("how.answered", {"status": call.status})
    written = failure.written if failure.written not in ("", failure.kind) else failure.kind
    code = f"how.{failure.kind}" if failure.kind in EXPLAINED else "how.other"
    return Message(code, {"written": written[:LONGEST]})


def failed(call: Call) -> Sentence:
    """That a call failed, how and when, by its caller's record."""
    params = {**ends(call), "ms": milliseconds(call.took_ms), "how": how(call)}
    return sentence("fact", Message("calls.failed", params), *call.caller_records)


def faults(case: Case, call: Call) -> Iterator[Sentence]:
    """Faults known to have been in force between the two while the call was under way."""
    sent, over = call.sent_at, call.over_at
    if sent is None or over is None:
        return
    places = {f"{call.caller}->{call.callee}", call.caller, call.callee}
    for window in case.windows:
        ends_at = window.end_unix_nano
        during = window.start_unix_nano <= over and (ends_at is None or ends_at >= sent)
        if window.target in places and during:
            place = window.target.replace("->", " → ")
            named: dict[str, Parameter] = {"kind": window.kind, "target": place}
            yield sentence("fact", Message("calls.fault_in_force", named), *call.caller_records)


def could_not_know(case: Case, call: Call, code: str) -> Iterator[Sentence]:
    """What its caller could not know at the end of a call, unless its records by then show it."""
    known = case.known.first(arrived(call), side=call.caller, until=call.over_at)
    if known is None and not case.heard_meanwhile(call):
        params = {**ends(call), "alike": _alike(call)}
        yield sentence("unknown", Message(code, params), *call.caller_records)


def may_have_heard(case: Case, call: Call) -> Iterator[Sentence]:
    """What came to a caller of nobody on record: its callee's own call may show that it arrived."""
    heard = case.heard_meanwhile(call)
    if heard:
        params = {**ends(call), "heard": name_of(heard[0])}
        proofs = (*call.caller_records, *heard[:_MOST_HEARD])
        yield sentence("unknown", Message("calls.may_have_heard", params), *proofs)


def may_have_arrived(case: Case, call: Call) -> Iterator[Sentence]:
    """What came from nobody on record to a third side: the callee's own call may show it."""
    since = call.sent_at
    if since is None or not case.seen.everything:
        return
    for each in case.calls:
        is_of_nobody = not each.caller and not each.is_message and each.began_at >= since
        if is_of_nobody and each.callee not in (call.caller, call.callee):
            heard = {"heard": each.name[:LONGEST], "receiver": each.callee}
            message = Message("calls.may_have_arrived", {**ends(call), **heard})
            proofs = (*call.caller_records, *each.arrivals[:_MOST_HEARD])
            yield sentence("unknown", message, *proofs)
            return


def _alike(call: Call) -> Message:
    """What a caller can't tell from one another."""
    if call.gave_up:
        return Message("alike.no_answer", ends(call))
    return Message("alike.reset" if call.kind == ErrorKind.RESET else "alike.failure", ends(call))


def logs_of_callee(case: Case, call: Call) -> list[Sentence]:
    """What a callee without a span has logged in the trace since a call was sent."""
    return [logged(log) for log in case.logs_of_callee(call)[:_MOST_LOGGED]]


def logged(log: LogRecord) -> Sentence:
    """What a service logged."""
    text = log_message(log) or str(log.attributes.get("exception.type") or log.severity_text)
    params: dict[str, Parameter] = {"service": service(log), "text": text[:LONGEST]}
    return sentence("fact", Message("calls.logged", params), log)


def settled_by_records(call: Call) -> Sentence:
    """Whose records would settle it."""
    return sentence("settles", Message("calls.settled_by_records", ends(call)))


def inner_failures(case: Case, call: Call, *, most: int = 1) -> Iterator[Sentence]:
    """What the callee recorded of its own failure: the innermost spans that failed."""
    within = [
        span
        for arrival in call.arrivals
        for span in (arrival, *islice(case.trace.descendants(arrival), _MOST_BELOW))
        if service(span) == call.callee
    ]
    in_calls = {id(each.client) for each in case.calls}
    failing = [span for span in within if id(span) not in in_calls and _says_why(span)]
    for span in failing[-most:]:
        yield span_failed(span)


def _says_why(span: Span) -> bool:
    failure = failure_of(span)
    return failure is not None and bool(failure.text)


def span_failed(span: Span) -> Sentence:
    """That a span failed by its own record, and with which words."""
    failure = failure_of(span)
    written = failure.written if failure is not None else ""
    text = failure.text[:LONGEST] if failure is not None else ""
    params: dict[str, Parameter] = {"service": service(span), "span": name_of(span)}
    if text:
        # A text of Python's begins with the name; one that has none has its kind for it.
        text = text.removeprefix(f"{written}: ")
        says_all = written in _UNNAMED or written in EXPLAINED
        code = "calls.span_failed_saying" if says_all else "calls.span_failed_with"
        return sentence("fact", Message(code, {**params, "written": written, "text": text}), span)
    return sentence("fact", Message("calls.span_failed", {**params, "written": written}), span)
