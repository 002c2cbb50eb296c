"""The client's own call failed, and the API has no record of it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from evidence import words
from evidence.case import Case, Finding, sentence
from evidence.rules.phrases import failure


def client(case: Case) -> Finding | None:
    """Nothing is known but that the client's call failed."""
    calls = [crossing for crossing in case.client_calls if crossing.failed]
    if not calls or case.of(words.API) or case.of(words.WORKER):
        return None
    last = calls[-1]
    if last.error_kind in words.NEVER_SENT:
        judged = sentence(
            "certain",
            _("Nothing was sent, so the API never received this order."),
            *last.account,
        )
    else:
        judged = sentence(
            "unknown",
            _(
                "Whether the API received the order cannot be known: it may have been lost on its"
                " way, or the API may have stopped or crashed before it wrote a record of it."
            ),
            *last.account,
        )
    settles = sentence("settles", _("The API's list of orders, or its log, would settle it."))
    return Finding(
        _("The client's call failed, and the API has no record of it"),
        (failure(last), judged, settles),
    )
