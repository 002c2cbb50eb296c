"""The job was never sent (experiment A): a failure before any byte of the request could leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from evidence.case import Case, Finding, Sentence, sentence
from evidence.rules.phrases import failure, with_status

if TYPE_CHECKING:
    from evidence.crossings import Crossing


def not_sent(case: Case) -> Finding | None:
    """Every attempt failed before the request could leave, so the worker can't have the job."""
    if not case.deliveries or case.fact.value not in ("unknown", "nothing"):
        return None
    if any(not c.never_sent or c.arrivals for c in case.deliveries):
        return None
    last = case.deliveries[-1]
    headline = (
        _("not sent: the circuit breaker was open")
        if last.held_back
        else _("the job never reached the worker")
    )
    return Finding(
        with_status(case, headline),
        (failure(last), _certain(case), _unknown(case, last), _settles(last)),
    )


def _certain(case: Case) -> Sentence:
    last = case.deliveries[-1]
    if last.held_back or last.error_kind == "simulated_partition":
        why = _("Nothing left the API, so the worker never received this job")
    elif last.error_kind == "connect_refused":
        why = _("A refused connection carries no request, so the worker never received this job")
    else:
        why = _("Without a connection no request can arrive, so the worker never received this job")
    said = _("%(why)s and reserved nothing for it.") % {"why": why}
    if case.belief.value == "PENDING":
        said += " " + _("The order stays PENDING until a job is delivered.")
    proofs = [record for crossing in case.deliveries for record in crossing.account]
    return sentence("certain", said, *proofs, *case.belief.records)


def _unknown(case: Case, last: Crossing) -> Sentence:
    where = _("from these records") if case.seen.everything else _("from the API's side alone")
    kind = "simulated_partition" if last.held_back else last.error_kind
    said = _unknowns().get(kind) or _(
        "Whether the worker runs cannot be known %(where)s: it was never reached."
    )
    return sentence("unknown", said % {"where": where}, *last.account)


def _unknowns() -> dict[str, str]:
    return {
        "connect_refused": _(
            "Why it was refused cannot be known %(where)s: a stopped worker and a cut link refuse"
            " in the same way."
        ),
        "connect_timeout": _(
            "Why no connection came about cannot be known %(where)s: a cut link, a lost host and"
            " a worker too busy to answer are silent in the same way."
        ),
        "simulated_partition": _(
            "Whether the worker is well cannot be known %(where)s: nobody asked it."
        ),
    }


def _settles(last: Crossing) -> Sentence:
    if last.held_back or last.error_kind == "simulated_partition":
        said = _("GET /healthz on the worker would tell whether it is well.")
    else:
        said = _(
            "GET /healthz at the worker's own address, past the link, would tell a stopped worker"
            " from a broken link."
        )
    return sentence("settles", said)
