"""The client's own call failed, and the API has no record of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.message import Message
from evidence.model.finding import Finding, sentence
from evidence.orders import words
from evidence.orders.rules.phrases import failure

if TYPE_CHECKING:
    from evidence.orders.case import Case


def client(case: Case) -> Finding | None:
    """Nothing is known but that the client's call failed."""
    calls = [crossing for crossing in case.client_calls if crossing.failed]
    if not calls or case.of(words.API) or case.of(words.WORKER):
        return None
    last = calls[-1]
    if last.never_sent:
        judged = sentence("certain", Message("client.never_sent"), *last.outcome_records)
    else:
        judged = sentence("unknown", Message("client.arrival_unknown"), *last.outcome_records)
    settles = sentence("settles", Message("client.settles"))
    return Finding(Message("client.headline"), (failure(last), judged, settles))
