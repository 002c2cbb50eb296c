"""The job was sent and no answer came (experiment C): a timeout is not a failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from evidence import words
from evidence.case import Case, Finding, Sentence, sentence
from evidence.clocks import clocks_disagree
from evidence.rules.phrases import ask_worker, failure, milliseconds, with_status
from evidence.trace import NANOS_PER_MS, moment

if TYPE_CHECKING:
    from evidence.crossings import Crossing
    from telemetry.records import LogRecord, Span


def no_answer(case: Case) -> Finding | None:
    """An attempt ended without an answer and none after it had one: its fate is open to the API."""
    if not case.deliveries or not case.deliveries[-1].failed:
        return None
    if case.deliveries[-1].error_kind in words.ANSWERED:
        return None
    unanswered = [
        c
        for c in case.deliveries
        if c.failed and not c.never_sent and c.error_kind not in words.ANSWERED
    ]
    last = (unanswered or case.deliveries)[-1]
    if case.job_at_worker:
        return _arrived(case, last)
    event = case.event
    if event is not None:
        return _heard_of(case, last, event)
    # Decided without an event: the API has learned of it in another way.
    return None if case.belief.value in words.DECIDED else _open(case, last)


def _arrived(case: Case, last: Crossing) -> Finding:
    """The worker's records show what the API could not know."""
    sentences = [failure(last), _what_became(case, last), *_callback_failure(case)]
    event = case.event
    settles = ask_worker(case) if event is None else _event_settled(last, event)
    return Finding(_headline(case, last), (*sentences, _could_not_know(last), settles))


def _headline(case: Case, last: Crossing) -> str:
    if case.fact.value == "accepted":
        return with_status(case, _("the worker has the job, and more is not known"))
    if case.belief.value == "PENDING" and case.fact.value in ("reserved", "rejected"):
        return with_status(case, _("the worker has done its part, and the API does not know it"))
    if _answer_was_lost(last):
        return with_status(case, _("the job was done, only the answer was lost"))
    return with_status(case, _("the worker was slow, not dead"))


def _what_became(case: Case, last: Crossing) -> Sentence:
    arrival = last.arrivals[-1] if last.arrivals else None
    fact = case.fact
    if fact.value not in ("reserved", "rejected"):
        return sentence(
            "certain",
            _("The job had arrived at the worker; no record says that it reserved anything."),
            *case.job_at_worker[:2],
        )
    proofs = (arrival, *fact.records, *case.belief.records)
    if arrival is not None and _answer_was_lost(last):
        return sentence("certain", _lost_answer_text(case, last, arrival), *proofs)
    after = _after_arrival(case, arrival)
    said = (
        _("The job had arrived: the worker reserved the stock %(after)s ms later.")
        if fact.value == "reserved"
        else _("The job had arrived: the worker found it sold out %(after)s ms later.")
    ) % {"after": after}
    return sentence("certain", f"{said} {_now(case)}".strip(), *proofs)


def _lost_answer_text(case: Case, last: Crossing, arrival: Span) -> str:
    before = round(((last.over or 0) - arrival.end_time_unix_nano) / NANOS_PER_MS)
    said = _(
        "The job had arrived and the worker's answer was ready %(before)s ms before the API gave"
        " up, but it did not come through."
    ) % {"before": milliseconds(before)}
    return f"{said} {_now(case)}".strip()


def _now(case: Case) -> str:
    """Where the order stands, in so far as the API's records show it."""
    if case.belief.value == "unknown":
        return ""
    if case.belief.value == "PENDING":
        return _("The order is still PENDING.")
    if case.event is None:
        return _("At the API the order is %(status)s.") % {"status": case.belief.value}
    return _("The order became %(status)s by the callback.") % {"status": case.belief.value}


def _after_arrival(case: Case, arrival: Span | None) -> str:
    """Milliseconds from the job's arrival to what the worker did, by the worker's own clock."""
    start = moment(arrival or case.job_at_worker[0])
    return milliseconds(max(0, round((case.fact.unix_nano - start) / NANOS_PER_MS)))


def _could_not_know(last: Crossing) -> Sentence:
    said = _("When it gave up, the API could not know this: %(candidates)s look the same.")
    return sentence("unknown", said % {"candidates": _candidates(last.error_kind)}, *last.account)


def _event_settled(last: Crossing, event: LogRecord) -> Sentence:
    """When the event came, beside when the API gave up: both by the API's clock."""
    gap = round((moment(event) - (last.over or moment(event))) / NANOS_PER_MS)
    said = (
        _("The callback settled it: it came %(ms)s ms after the API had given up.")
        if gap >= 0
        else _("The callback settled it: it had come %(ms)s ms before the API gave up.")
    )
    return sentence("settles", said % {"ms": milliseconds(abs(gap))}, event)


def _callback_failure(case: Case) -> list[Sentence]:
    if case.callbacks and all(crossing.failed for crossing in case.callbacks):
        return [failure(case.callbacks[-1])]
    return []


def _heard_of(case: Case, last: Crossing, event: LogRecord) -> Finding:
    """The API alone: the event shows that the job had arrived."""
    certain = sentence(
        "certain",
        _(
            "The event shows that the worker had received the job and dealt with it: the timeout"
            " was not a failure."
        )
        if last.error_kind == "read_timeout"
        else _("The event shows that the worker had received the job and dealt with it."),
        event,
        *case.belief.records,
    )
    unknown = sentence(
        "unknown",
        _(
            "Why the answer did not come in time cannot be known from the API's side alone: a slow"
            " worker, a slow link and a lost answer look the same."
        ),
        *last.account,
    )
    return Finding(
        with_status(case, _("the API had given up, but the worker had not")),
        (failure(last), certain, unknown, _event_settled(last, event)),
    )


def _open(case: Case, last: Crossing) -> Finding:
    """Nobody's records show whether the job arrived."""
    only = sentence(
        "certain",
        _("Certain is only that no whole answer came: this does not mean that the job failed."),
        *last.account,
    )
    if case.seen.everything:
        unknown = _(
            "Whether the job arrived cannot be known: it may have been lost on its way, or the"
            " worker may have stopped or crashed before it wrote a record of it."
        )
    else:
        unknown = _(
            "Whether the worker received the job, and whether it reserved the stock, cannot be"
            " known from the API's side alone: %(candidates)s look the same."
        ) % {"candidates": _candidates(last.error_kind)}
    return Finding(
        with_status(case, _("whether the job reached the worker cannot be known")),
        (failure(last), only, sentence("unknown", unknown, *last.account), ask_worker(case)),
    )


def _candidates(kind: str) -> str:
    if kind == "reset":
        return _("a request lost on its way, an answer lost on its way and a crashed worker")
    return _("a lost request, a lost answer, a slow worker and a crashed worker")


def _answer_was_lost(last: Crossing) -> bool:
    """Whether an answer was ready before the API gave up; times must be comparable."""
    if not last.arrivals or last.over is None or clocks_disagree(last):
        return False
    return any(0 < arrival.end_time_unix_nano < last.over for arrival in last.arrivals)
