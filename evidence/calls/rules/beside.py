"""Sentences about calls beside how they ended: arrived twice, tried again, served on, waited."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from base.message import Message
from evidence.calls.rules.messages import not_taken, taken_elsewhere, waited
from evidence.calls.rules.phrases import ends
from evidence.model.finding import Sentence, sentence
from evidence.model.trace import NANOS_PER_MS
from telemetry.conventions import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from base.message import Parameter
    from evidence.calls.call import Call
    from evidence.calls.case import Case

_MOST_PROOFS = 6


def arrived_twice(_case: Case, call: Call) -> Iterator[Sentence]:
    """One call that its callee took in more than once."""
    times = len(call.arrivals)
    if times < 2:
        return
    params = {**ends(call), "times": times}
    if not call.caller_records:
        proofs = call.arrivals[:_MOST_PROOFS]
        yield sentence("fact", Message("calls.of_one_span", params), *proofs)
        yield sentence("unknown", Message("calls.of_one_span_why", params), *proofs)
        return
    code = "calls.message_taken_twice" if call.is_message else "calls.arrived_twice"
    proofs = (*call.caller_records, *call.arrivals[:_MOST_PROOFS])
    yield sentence("fact", Message(code, params), *proofs)
    why = "calls.message_twice_why" if call.is_message else "calls.twice_why"
    yield sentence("unknown", Message(why, params), *proofs)


def served_on(_case: Case, call: Call) -> Iterator[Sentence]:
    """A callee whose work went on after its answer had come."""
    if call.is_message or not call.succeeded or len(call.arrivals) != 1:
        return
    worked_on = call.worked_on_ms(call.arrivals[0])
    if worked_on is not None:
        message = Message("calls.served_on", {**ends(call), "ms": worked_on})
        yield sentence("fact", message, *call.caller_records, *call.arrivals, *call.last_work)


def waited_in_queue(_case: Case, call: Call) -> Iterator[Sentence]:
    """A message that was taken well, or of whose taking nothing is on record."""
    if call.failure is None and not call.failed_at_taker:
        yield from taken_elsewhere(call)
        yield from waited(call)
        yield from not_taken(call)


def tried_again(case: Case) -> Iterator[Sentence]:
    """Calls that were made again after they had failed, with what each attempt came to."""
    for attempts in _attempts(case.calls):
        last = attempts[-1]
        params: dict[str, Parameter] = {**ends(last), "times": len(attempts)}
        if last.over_at is None:
            continue
        code = "calls.retried_in_vain" if last.failure is not None else "calls.retried"
        proofs = [record for each in attempts[:_MOST_PROOFS] for record in each.caller_records]
        yield sentence("fact", Message(code, params), *proofs)
        arrivals = [arrival for each in attempts for arrival in each.arrivals]
        if len(arrivals) > 1:
            came = Message("calls.attempts_arrived", {**params, "times": len(arrivals)})
            yield sentence("fact", came, *arrivals[:_MOST_PROOFS])


def _attempts(calls: Iterable[Call]) -> Iterator[list[Call]]:
    """The same call by the same span, each after the one before had failed."""
    rows: dict[tuple[str, ...], list[Call]] = defaultdict(list)
    for call in calls:
        if call.client is not None and not call.is_message:
            place = names.authority(call.client) or call.callee
            url = names.text(call.client, names.URL)
            rows[call.caller, call.client.parent_span_id, call.name, place, url].append(call)
    for row in rows.values():
        attempts: list[Call] = []
        for call in row:
            if attempts and not _follows(attempts[-1], call):
                if len(attempts) > 1:
                    yield attempts
                attempts = []
            attempts.append(call)
        if len(attempts) > 1:
            yield attempts


def _follows(before: Call, call: Call) -> bool:
    over, sent = before.over_at, call.sent_at
    is_after = over is not None and sent is not None and sent >= over - NANOS_PER_MS
    return is_after and before.failure is not None
