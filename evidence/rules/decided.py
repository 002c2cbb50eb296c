"""The order was decided, or its delivery went well: nothing failed at the last attempt."""

from __future__ import annotations

from django.utils.translation import gettext as _

from evidence import words
from evidence.case import Case, Finding, Sentence, sentence
from evidence.rules.phrases import ask_worker, kinds, milliseconds, with_status
from evidence.trace import service
from evidence.truths import contradict


def decided(case: Case) -> Finding | None:
    """The API has an event of the worker's and has decided by it."""
    status = case.belief.value
    if status not in ("CONFIRMED", "REJECTED"):
        return None
    proofs = (*case.fact.records, case.event, *case.belief.records)
    if contradict(case.belief, case.fact):
        headline, said = _("the two sides contradict each other"), _contradiction(case)
    elif any(service(record) == words.WORKER for record in case.fact.records):
        headline, said = _("both sides agree"), _agreed(status)
    elif case.event is not None:
        headline, said = _("the worker's event has decided the order"), _told(status)
    else:
        headline = _("decided without an event on record")
        said = _("At the API the order is %(status)s.") % {"status": status}
    return Finding(
        with_status(case, headline), (*crossed(case), sentence("certain", said, *proofs))
    )


def waiting(case: Case) -> Finding | None:
    """The job was delivered, and no event has come: the API's side of experiment B."""
    delivered = [crossing for crossing in case.deliveries if crossing.succeeded]
    if case.belief.value != "PENDING" or not delivered:
        return None
    last = delivered[-1]
    if case.fact.value in ("reserved", "rejected"):
        said = _("The worker has dealt with the job, and no event of it is on record.")
    else:
        said = _("The answer shows that the worker received the job.")
    certain = sentence("certain", said, *last.account, *case.fact.records)
    unknown = sentence("unknown", _not_known(case), *case.belief.records)
    return Finding(
        with_status(case, _("the worker has answered, but no event has come")),
        (*crossed(case), certain, unknown, ask_worker(case)),
    )


def _not_known(case: Case) -> str:
    if case.sees_worker:
        return _("Why no event has come cannot be known: no record tells of a callback.")
    return _(
        "Whether it reserved the stock, and why no event has come, cannot be known from the API's"
        " side alone: the event may be lost, late or never sent."
    )


def crossed(case: Case) -> tuple[Sentence, ...]:
    """How the job crossed, the attempts that failed before it included."""
    good = [crossing for crossing in case.deliveries if crossing.succeeded]
    if not good:
        return ()
    last = good[-1]
    failed = [crossing for crossing in case.deliveries if crossing.failed]
    if failed:
        said = _(
            "At api->worker the job was delivered at last, in %(ms)s ms; %(failed)s before it"
            " failed (%(kinds)s)."
        ) % {
            "ms": milliseconds(last.elapsed_ms),
            "failed": len(failed),
            "kinds": kinds(failed),
        }
    else:
        said = _("At api->worker the job was delivered and answered in %(ms)s ms.") % {
            "ms": milliseconds(last.elapsed_ms)
        }
    proofs = [record for crossing in failed for record in crossing.account]
    return (sentence("fact", said, *last.account, *proofs),)


def _agreed(status: str) -> str:
    if status == "CONFIRMED":
        return _("The worker reserved the stock, and the API knows it: the order is CONFIRMED.")
    return _("The worker was sold out, and the API knows it: the order is REJECTED.")


def _told(status: str) -> str:
    if status == "CONFIRMED":
        return _("The event says that the worker reserved the stock: the order is CONFIRMED.")
    return _("The event says that the worker was sold out: the order is REJECTED.")


def _contradiction(case: Case) -> str:
    if case.fact.value == "reserved":
        said = _("The worker has reserved the stock, but at the API the order is %(status)s.")
    else:
        said = _("The worker was sold out, but at the API the order is %(status)s.")
    return said % {"status": case.belief.value}
