"""The diagnosis of any application's trace: rules for each call, then for the whole.

It never guesses: what the visible records do not entail is not certain, and what they do not show
cannot be known.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from base.message import Message
from evidence.calls.rules.answered import answered
from evidence.calls.rules.beside import arrived_twice, served_on, tried_again, waited_in_queue
from evidence.calls.rules.caveats import caveats
from evidence.calls.rules.messages import failed_message
from evidence.calls.rules.no_answer import no_answer
from evidence.calls.rules.phrases import callee
from evidence.calls.rules.unreached import unreached
from evidence.calls.rules.whole import (
    ended_process,
    in_the_end,
    logged_error,
    missing_sides,
    nothing,
    span_of_its_own,
    under_way,
    where_time_went,
)
from evidence.model.finding import Finding, Sentence, sentence
from evidence.model.journal import testimony

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from base.message import Parameter
    from evidence.calls.call import Call
    from evidence.calls.case import Case
    from evidence.model.trace import Trace
    from telemetry.records import Span

# The first that applies says how a call ended.
_OF_A_CALL: tuple[Callable[[Case, Call], Finding | None], ...] = (
    failed_message,
    unreached,
    answered,
    no_answer,
)
_MOST_EXPLAINED = 3
_MOST_BESIDE = 4


def diagnose(case: Case) -> Finding:
    """Return what the records of ``case`` prove. Never raises, whatever they are."""
    if not case.trace:
        return nothing(case)
    troubled = case.troubled
    beside = list(_beside(case))
    main = [*_of_calls(case, troubled[:_MOST_EXPLAINED]), *_of_the_whole(case, troubled)]
    sentences = [*_part_alone(case), *(each for finding in main for each in finding.sentences)]
    rest = len(troubled) - _MOST_EXPLAINED
    if rest > 0:
        sentences.append(sentence("fact", Message("calls.further_failures", {"count": rest})))
    for call in troubled[:_MOST_EXPLAINED]:
        if call.client is not None:
            sentences += testimony(case.trace, call.client.span_id, receiver=callee(call))
    if troubled:
        sentences += islice(in_the_end(case), _MOST_BESIDE)
    sentences += [each for _headline, group in beside[:_MOST_BESIDE] for each in group]
    sentences += islice(tried_again(case), _MOST_BESIDE)
    if not main:
        sentences += where_time_went(case)
    sentences += [*missing_sides(case), *caveats(case)]
    return Finding(_headline(case, main, beside), tuple(_once(sentences)))


def _headline(
    case: Case, main: Sequence[Finding], beside: Sequence[tuple[Message, object]]
) -> Message:
    if main:
        return main[0].headline
    none = Message("general.no_error_headline")
    found = beside[0][0] if beside else none
    claims_none = found.code in (none.code, "calls.served_on_headline")
    return Message("calls.no_error_in_part_headline") if case.truncated and claims_none else found


def _part_alone(case: Case) -> Iterator[Sentence]:
    """How much of a trace that is larger was read: it limits all that is said of it."""
    if case.truncated:
        read: dict[str, Parameter] = {"spans": len(case.trace.spans), "logs": len(case.trace.logs)}
        yield sentence("fact", Message("calls.part_alone", read))


def _of_calls(case: Case, troubled: Iterable[Call]) -> Iterator[Finding]:
    for call in troubled:
        found = next((each for rule in _OF_A_CALL if (each := rule(case, call))), None)
        if found is not None:
            yield found


def _of_the_whole(case: Case, troubled: Sequence[Call]) -> Iterator[Finding]:
    """What failed or has not ended beside the calls."""
    explained = _explained(case.trace, troubled)
    findings = (span_of_its_own(case, explained), ended_process(case), under_way(case))
    yield from (finding for finding in findings if finding is not None)
    if not troubled and not any(findings) and (logged := logged_error(case)) is not None:
        yield logged


def _explained(trace: Trace, troubled: Sequence[Call]) -> set[int]:
    """The spans through which the failures of calls pass: above them, and at their callees."""
    found: set[int] = set()
    below: list[Span] = []
    for call in troubled:
        below += call.arrivals
        above: Span | None
        for above in (*call.caller_records, *call.arrivals):
            while above is not None and id(above) not in found:
                found.add(id(above))
                above = trace.parent(above)
    walked: set[int] = set()
    while below:
        span = below.pop()
        if id(span) not in walked:
            walked.add(id(span))
            below += trace.children(span)
    return found | walked


def _beside(case: Case) -> Iterator[tuple[Message, list[Sentence]]]:
    """Further sentences about calls, each with the headline it makes where nothing failed."""
    rules = (
        ("calls.twice_headline", arrived_twice),
        ("calls.served_on_headline", served_on),
        ("general.no_error_headline", waited_in_queue),
    )
    for code, rule in rules:
        for call in case.calls:
            found = list(rule(case, call))
            if found:
                yield Message(_title(found[0], code), found[0].message.params), found


def _title(first: Sentence, code: str) -> str:
    titles = {
        "calls.message_taken_twice": "calls.taken_twice_headline",
        "calls.of_one_span": "calls.of_one_span_headline",
    }
    return titles.get(first.message.code, code)


def _once(sentences: Iterable[Sentence]) -> list[Sentence]:
    """Each sentence once, where several calls say the same."""
    return list({str(each.message): each for each in reversed(list(sentences))}.values())[::-1]
