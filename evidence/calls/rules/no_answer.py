"""The call ended without a complete response: given up, broken off, or failed without a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.message import Message
from boundary.error_kind import ErrorKind
from evidence.calls.case import was_stopped
from evidence.calls.rules.phrases import (
    LONGEST,
    could_not_know,
    ends,
    failed,
    faults,
    inner_failures,
    logs_of_callee,
    may_have_arrived,
    may_have_heard,
    milliseconds,
    settled_by_records,
)
from evidence.model.finding import Finding, Sentence, sentence
from evidence.model.trace import NANOS_PER_MS, ended
from telemetry.conventions.errors import has_failed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidence.calls.call import Call
    from evidence.calls.case import Case
    from telemetry.records import Span


def no_answer(case: Case, call: Call) -> Finding | None:
    """Whatever else failed: whether it arrived, only the callee's records can show."""
    if call.failure is None:
        return None
    sentences = _arrived(case, call) if call.arrivals else _open(case, call)
    headline = Message(_headline(call), ends(call))
    return Finding(headline, (*_outcome(call), *faults(case, call), *sentences))


def _headline(call: Call) -> str:
    if call.gave_up and any(call.came_after_ms(each) for each in call.arrivals):
        return "calls.late_arrival_headline"
    if call.gave_up and any(call.outlasted_ms(each) for each in call.arrivals):
        return "calls.gave_up_headline"
    if call.code_of_both:
        return "calls.failed_headline"
    if _is_answer_lost(call):
        return "calls.answer_lost_headline"
    if call.kind == ErrorKind.RESET or call.broke_off:
        return "calls.broken_headline"
    return "calls.no_answer_headline" if call.gave_up else "calls.failed_headline"


def _is_answer_lost(call: Call) -> bool:
    """Whether the callee had ended its work well, and its caller has no answer."""
    is_open = call.gave_up or call.kind == ErrorKind.RESET
    well = (each for each in call.arrivals if not has_failed(each))
    ready = any(call.ready_before_ms(each) is not None for each in well)
    return is_open and ready and not call.broke_off


def _outcome(call: Call) -> Iterator[Sentence]:
    """How it ended for its caller."""
    if call.code_of_both:
        as_written = Message("how.other", {"written": call.code_of_both})
        ended_so = {**ends(call), "ms": milliseconds(call.took_ms), "how": as_written}
        yield sentence("fact", Message("calls.failed", ended_so), *call.caller_records)
        both = {**ends(call), "code": call.code_of_both}
        proofs = (*call.caller_records, *call.arrivals)
        yield sentence("unknown", Message("calls.gave_up_or_answered", both), *proofs)
        return
    if not call.gave_up:
        yield failed(call)
        return
    code = "calls.ended_itself" if call.kind == ErrorKind.ABORTED else "calls.gave_up"
    failure = call.failure
    written = failure.written[:LONGEST] if failure is not None else ""
    params = {**ends(call), "ms": milliseconds(call.took_ms), "written": written}
    yield sentence("fact", Message(code, params), *call.caller_records)


def _arrived(case: Case, call: Call) -> Iterator[Sentence]:
    """The callee's records show what its caller could not know."""
    arrival = call.arrivals[0]
    both = (*call.caller_records, arrival)
    named = ends(call)
    yield sentence("certain", Message("calls.arrived", named), arrival)
    yield from _then(call, arrival, both)
    yield from inner_failures(case, call)
    if not call.broke_off:
        yield from could_not_know(case, call, "calls.could_not_know")


def _then(call: Call, arrival: Span, both: tuple[Span, ...]) -> Iterator[Sentence]:
    """What the callee did, beside when its caller's call was over."""
    named = ends(call)
    came, outlasted = call.came_after_ms(arrival), call.outlasted_ms(arrival)
    ready = call.ready_before_ms(arrival)
    if not ended(arrival):
        code = "calls.process_ended" if arrival.state == "abandoned" else "calls.not_ended"
        yield sentence("fact", Message(code, named), arrival)
        return
    if came is not None:
        yield sentence("fact", Message("calls.came_after", {**named, "ms": came}), *both)
        if outlasted is not None:
            yield sentence(
                "fact", Message("calls.worked_all_the_same", {**named, "ms": outlasted}), *both
            )
    elif outlasted is not None:
        code = "calls.too_late" if call.gave_up else "calls.went_on_after_failure"
        if not call.certainly_outlasted(arrival):
            code = "calls.too_late_by_clocks" if call.gave_up else "calls.went_on_by_clocks"
        yield sentence("fact", Message(code, {**named, "ms": outlasted}), *both)
    elif (apart := call.ended_by_leaving_ms(arrival)) is not None:
        yield sentence("fact", Message("calls.ended_together", {**named, "ms": apart}), *both)
        own = call.cancelled(arrival)
        code = "calls.cancelled_together_unknown" if own else "calls.ended_together_unknown"
        yield sentence("unknown", Message(code, {**named, "own": own}), *both)
    elif ready is not None and not call.broke_off:
        more = round((call.worked_until(arrival) - arrival.end_time_unix_nano) / NANOS_PER_MS)
        code = "calls.ready_and_went_on" if more > 0 else "calls.ready_before"
        params = {**named, "ms": ready, "more": more}
        yield sentence("fact", Message(code, params), *both, *call.last_work[:1])


def _open(case: Case, call: Call) -> Iterator[Sentence]:
    """No visible record of the callee shows whether it arrived."""
    named = ends(call)
    if call.broke_off:
        began = Message("calls.answer_began", {**named, "status": call.status})
        if not call.status:
            began = Message("calls.part_of_answer_came", named)
        yield sentence("certain", began, *call.caller_records)
        yield sentence("unknown", Message("calls.before_unknown", named), *call.caller_records)
    elif was_stopped(call, case.windows):
        yield sentence("certain", Message("calls.stopped", named), *call.caller_records)
        yield from could_not_know(case, call, "calls.stopped_unknown")
        return
    else:
        if call.gave_up:
            yield sentence("certain", Message("calls.no_proof", named), *call.caller_records)
        logs = logs_of_callee(case, call)
        yield from logs
        code = "calls.arrival_unknown" if case.seen.everything else "calls.arrival_unknown_to_side"
        code = "calls.arrival_unknown_but_logs" if logs else code
        yield from could_not_know(case, call, code)
        yield from may_have_heard(case, call)
        yield from may_have_arrived(case, call)
    yield settled_by_records(call)
