"""What limits a diagnosis or adds to it, whatever its story is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from evidence import words
from evidence.case import Case, Sentence, sentence
from evidence.clocks import disagreement_ms, worst_disagreement
from evidence.rules.phrases import kinds, milliseconds, service_name
from evidence.trace import service
from evidence.truths import reservations

if TYPE_CHECKING:
    from collections.abc import Iterator


def caveats(case: Case) -> tuple[Sentence, ...]:
    """Say what else a reader has to know; usually nothing."""
    return (
        *_truncated(case),
        *_clocks(case),
        *_retried(case),
        *_client_not_answered(case),
        *_harmless_duplicate(case),
        *_repeated_event(case),
    )


def _truncated(case: Case) -> Iterator[Sentence]:
    if case.truncated:
        said = _("Only a part of this trace was read: what is missing here may be in the rest.")
        yield sentence("unknown", said)


def _clocks(case: Case) -> Iterator[Sentence]:
    worst = worst_disagreement(case.crossings)
    if worst is not None:
        said = _(
            "The clocks of %(sender)s and %(receiver)s disagree by %(ms)s ms or more, so the order"
            " of their records cannot be known from their times."
        ) % {
            "sender": service_name(worst.sender),
            "receiver": service_name(worst.receiver),
            "ms": milliseconds(disagreement_ms(worst)),
        }
        yield sentence("unknown", said, *worst.sending, *worst.arrivals)


def _retried(case: Case) -> Iterator[Sentence]:
    """How often the API has tried when it was in vain; where it was not, the story says so."""
    tries = case.deliveries
    if len(tries) < 2 or not all(crossing.failed for crossing in tries):
        return
    said = _(
        "The API tried %(times)s times, waited %(ms)s ms in between, and every attempt failed"
        " (%(kinds)s)."
    ) % {
        "times": len(tries),
        "ms": milliseconds(sum(crossing.waited_ms or 0 for crossing in tries)),
        "kinds": kinds(tries),
    }
    yield sentence("fact", said, *(record for each in tries for record in each.account))


def _client_not_answered(case: Case) -> Iterator[Sentence]:
    failed = [crossing for crossing in case.client_calls if crossing.failed]
    accepted = [change for change in case.beliefs if change.value == "PENDING"]
    if failed and accepted and case.belief.value != "CANCELLED":
        said = _("The client's call failed (%(kind)s), although the API had accepted the order.")
        yield sentence(
            "certain",
            said % {"kind": failed[-1].error_kind},
            *failed[-1].account,
            *accepted[0].records,
        )


def _harmless_duplicate(case: Case) -> Iterator[Sentence]:
    copies = [crossing for crossing in case.deliveries if len(crossing.arrivals) > 1]
    if copies and len(reservations(case.trace)) == 1:
        said = _("The job arrived %(times)s times at the worker and was done once.")
        arrivals = copies[-1].arrivals
        yield sentence("certain", said % {"times": len(arrivals)}, *arrivals)


def _repeated_event(case: Case) -> Iterator[Sentence]:
    events = [log for log in case.trace.said(words.SAID_EVENT) if service(log) == words.API]
    if len(events) > 1 and not case.sees_worker:
        said = _(
            "The event came %(times)s times; whether the job was done as often cannot be known from"
            " the API's side alone."
        )
        yield sentence("unknown", said % {"times": len(events)}, *events)
