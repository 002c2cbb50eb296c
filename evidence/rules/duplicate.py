"""One order, reserved more than once."""

from __future__ import annotations

from django.utils.translation import gettext as _

from evidence.case import Case, Finding, sentence
from evidence.rules.phrases import ask_worker, with_status
from evidence.truths import reservations


def reserved_twice(case: Case) -> Finding | None:
    """The worker's records show several reservations in one request."""
    done = reservations(case.trace)
    if len(done) < 2:
        return None
    arrivals = [arrival for crossing in case.deliveries for arrival in crossing.arrivals]
    sent = [crossing for crossing in case.deliveries if crossing.sending]
    sentences = [
        sentence(
            "certain",
            _("The worker reserved stock %(times)s times for this one order.")
            % {"times": len(done)},
            *done,
        )
    ]
    if arrivals:
        said = _("The job arrived %(times)s times at the worker.") % {"times": len(arrivals)}
        sentences.insert(0, sentence("fact", said, *arrivals))
    if case.sees_api and sent:
        said = _(
            "The API cannot know this: it sent %(sent)s, and an answer does not say how often the"
            " job was done."
        ) % {"sent": len(sent)}
        proofs = [record for crossing in sent for record in crossing.account]
        sentences.append(sentence("unknown", said, *proofs))
    sentences.append(ask_worker(case))
    return Finding(with_status(case, _("reserved more than once for one order")), tuple(sentences))
