"""What limits a diagnosis or adds to it, whichever rule made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.message import Message
from boundary.log_messages import LOG_STOCK_REJECTED
from evidence.model.clocks import disagreement_ms, worst_disagreement
from evidence.model.finding import Sentence, sentence
from evidence.model.trace import service
from evidence.orders.facts import reservations
from evidence.orders.rules.phrases import kind_of, kinds, service_name
from telemetry.conventions.call_names import call_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidence.orders.case import Case


# W3C Trace Context, trace-flags.
_SAMPLED = 1


def caveats(case: Case) -> tuple[Sentence, ...]:
    """Return what else a reader has to know; usually nothing."""
    return (
        *_truncated(case),
        *_not_sampled(case),
        *_clocks(case),
        *_shared_span_id(case),
        *_retried(case),
        *_client_not_answered(case),
        *_harmless_duplicate(case),
        *_repeated_event(case),
    )


def _truncated(case: Case) -> Iterator[Sentence]:
    if case.truncated:
        yield sentence("unknown", Message("caveat.truncated"))


def _not_sampled(case: Case) -> Iterator[Sentence]:
    """Log records of a trace without spans, whose flags do not say that it was sampled."""
    logs = case.trace.logs
    if logs and not case.trace.spans and not any(log.flags & _SAMPLED for log in logs):
        yield sentence("fact", Message("caveat.not_sampled"), logs[0])


def _clocks(case: Case) -> Iterator[Sentence]:
    worst = worst_disagreement(case.crossings)
    if worst is not None:
        disagree = Message(
            "caveat.clocks",
            {
                "sender": service_name(worst.sender),
                "receiver": service_name(worst.receiver),
                "ms": disagreement_ms(worst),
            },
        )
        yield sentence("unknown", disagree, *worst.sender_records, *worst.arrivals)


def _shared_span_id(case: Case) -> Iterator[Sentence]:
    """Spans of one span id, as some meshes write both sides of a call."""
    for spans in case.trace.shared[:1]:
        first, second, *_ = spans
        message = Message(
            "caveat.shared_span_id",
            {
                "id": first.span_id,
                "first": f"{service(first)} · {call_name(first)}",
                "second": f"{service(second)} · {call_name(second)}",
            },
        )
        yield sentence("fact", message, first, second)


def _retried(case: Case) -> Iterator[Sentence]:
    """How often the API tried, where every attempt failed; else the rule has it."""
    attempts = case.deliveries
    if len(attempts) < 2 or not all(crossing.failed for crossing in attempts):
        return
    tried = Message(
        "caveat.every_attempt_failed",
        {
            "times": len(attempts),
            "ms": sum(crossing.waited_ms or 0 for crossing in attempts),
            "kinds": kinds(attempts),
        },
    )
    yield sentence("fact", tried, *(record for each in attempts for record in each.outcome_records))


def _client_not_answered(case: Case) -> Iterator[Sentence]:
    failed = [crossing for crossing in case.client_calls if crossing.failed]
    accepted = [change for change in case.beliefs if change.value == "PENDING"]
    if failed and accepted and case.belief.value != "CANCELLED":
        message = Message("caveat.client_not_answered", {"kind": kind_of(failed[-1])})
        yield sentence("certain", message, *failed[-1].outcome_records, *accepted[0].records)


def _harmless_duplicate(case: Case) -> Iterator[Sentence]:
    copies = [crossing for crossing in case.deliveries if len(crossing.arrivals) > 1]
    sold_out = case.trace.logs_with_message(LOG_STOCK_REJECTED)
    if copies and len(reservations(case.trace)) == 1 and not sold_out:
        arrivals = copies[-1].arrivals
        done_once = Message("caveat.duplicate_done_once", {"times": len(arrivals)})
        yield sentence("certain", done_once, *arrivals)


def _repeated_event(case: Case) -> Iterator[Sentence]:
    if len(case.events) > 1 and not case.sees_worker:
        repeated = Message("caveat.repeated_event", {"times": len(case.events)})
        yield sentence("unknown", repeated, *case.events)
