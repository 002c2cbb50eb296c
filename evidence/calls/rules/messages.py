"""Messages through a queue: handed over, waiting, taken, failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.message import Message
from evidence.calls.rules.phrases import ends, how, milliseconds, name_of, span_failed
from evidence.model.finding import Finding, Sentence, sentence
from evidence.model.trace import NANOS_PER_MS, ended, moment, service
from telemetry.conventions.errors import has_failed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from base.message import Parameter
    from evidence.calls.call import Call
    from evidence.calls.case import Case
    from telemetry.records import Span


_MOST_TAKERS = 3


def failed_message(_case: Case, call: Call) -> Finding | None:
    """A message that was not handed over, or whose taker failed."""
    if not call.is_message:
        return None
    if call.failure is not None:
        headline = Message("calls.not_handed_over_headline", _named(call))
        unknown = sentence(
            "unknown", Message("calls.handed_over_unknown", _named(call)), *call.caller_records
        )
        open_end = () if call.never_sent or call.arrivals else (unknown,)
        params = {**_named(call), "ms": milliseconds(call.took_ms), "how": how(call)}
        failed = Message("calls.handing_over_failed", params)
        fact = sentence("fact", failed, *call.caller_records)
        return Finding(headline, (fact, *open_end, *waited(call)))
    failing = [taker for taker in call.takers if has_failed(taker)]
    if not failing:
        return None
    headline = Message("calls.message_failed_headline", _named(call))
    fact = span_failed(failing[-1])
    if failing[-1] not in call.arrivals:
        fact = sentence("fact", fact.message, *call.caller_records)
    said = (*taken_elsewhere(call), fact, *_taken_again(call, failing[-1]))
    return Finding(headline, (*said, *waited(call), *_not_told(call)))


def waited(call: Call) -> Iterator[Sentence]:
    """How long a message lay in its queue, where both clocks can be compared."""
    if not call.is_message or call.client is None or not call.arrivals or call.skew_ms:
        return
    handed_over = call.over_at or moment(call.client)
    waiting = max(0, moment(call.arrivals[0]) - handed_over)
    params = {**_named(call), "ms": round(waiting / NANOS_PER_MS)}
    proofs = (*call.caller_records, call.arrivals[0])
    yield sentence("fact", Message("calls.waited", params), *proofs)


def taken_elsewhere(call: Call) -> Iterator[Sentence]:
    """That the other side of a message is in another trace, by a link."""
    if call.client is None and call.elsewhere:
        arrival = call.arrivals[0]
        params: dict[str, Parameter] = {
            **_named(call),
            "span": name_of(arrival),
            "count": len(call.elsewhere),
            "listed": tuple(dict.fromkeys(map(service, call.elsewhere))),
        }
        yield sentence("fact", Message("calls.sent_elsewhere", params), arrival)
    for taker in call.elsewhere[:_MOST_TAKERS] if call.client is not None else ():
        params = {**_named(call), "callee": service(taker), "span": name_of(taker)}
        after = round((moment(taker) - (call.over_at or 0)) / NANOS_PER_MS)
        is_after = call.over_at is not None and after >= 0
        code = "calls.taken_elsewhere_after" if is_after else "calls.taken_elsewhere"
        yield sentence("fact", Message(code, {**params, "ms": after}), call.client)


def _taken_again(call: Call, failing: Span) -> Iterator[Sentence]:
    """That a message was taken once more after it had failed, and well."""
    for arrival in call.arrivals:
        gap = moment(arrival) - failing.end_time_unix_nano
        if gap >= 0 and ended(failing) and ended(arrival) and not has_failed(arrival):
            params = {**_named(call), "ms": round(gap / NANOS_PER_MS)}
            yield sentence("fact", Message("calls.message_taken_again", params), failing, arrival)
            return


def _not_told(call: Call) -> Iterator[Sentence]:
    if call.caller_records:
        message = Message("calls.sender_not_told", _named(call))
        yield sentence("certain", message, *call.caller_records)


def not_taken(call: Call) -> Iterator[Sentence]:
    """A message of whose taking nothing is on record."""
    if call.is_message and call.succeeded and not call.takers:
        message = Message("calls.not_taken", _named(call))
        yield sentence("unknown", message, *call.caller_records)
        yield sentence("settles", Message("calls.not_taken_settles", _named(call)))


def _named(call: Call) -> dict[str, Parameter]:
    return {**ends(call), "queue": call.queue or Message("calls.some_queue")}
