"""Texts about how an order came out: decided, waiting, cancelled, done twice, not reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from base.message import Text

TEXTS: dict[str, Text] = {
    "delivered.at_once": _("At API → worker the job was delivered and answered in %(ms)s ms."),
    "delivered.at_last": _(
        "At API → worker the job was delivered at last, in %(ms)s ms; %(failed)s before it failed"
        " (%(kinds)s)."
    ),
    "decided.contradiction_headline": _("the two sides contradict each other"),
    "decided.agreement_headline": _("both sides agree"),
    "decided.event_headline": _("the worker's event has decided the order"),
    "decided.no_event_headline": _("decided without an event on record"),
    "decided.but_reserved": _(
        "The worker has reserved the stock, but at the API the order is %(status)s."
    ),
    "decided.but_sold_out": _("The worker was sold out, but at the API the order is %(status)s."),
    "decided.but_released": _(
        "The worker has released the stock, but at the API the order is %(status)s."
    ),
    "decided.both_confirmed": _(
        "The worker reserved the stock, and the API knows it: the order is CONFIRMED."
    ),
    "decided.both_rejected": _(
        "The worker was sold out, and the API knows it: the order is REJECTED."
    ),
    "decided.confirmed_by_event": _(
        "The event says that the worker reserved the stock: the order is CONFIRMED."
    ),
    "decided.rejected_by_event": _(
        "The event says that the worker was sold out: the order is REJECTED."
    ),
    "waiting.headline": _("the worker has answered, but no event has come"),
    "waiting.event_headline": _("an event has come, and the order is not decided"),
    "waiting.answered_headline": _("the worker has answered, and no event is on record"),
    "waiting.processed": _("The worker has processed the job, and no event of it is on record."),
    "waiting.received": _("The answer shows that the worker received the job."),
    "waiting.no_callback": _(
        "Why no event has come cannot be known: no record tells of a callback."
    ),
    "waiting.callback_answered": _(
        "Why the order is not decided cannot be known: the worker's callback was answered, and no"
        " record of the API tells of the event."
    ),
    "waiting.cannot_be_known": _(
        "Whether it reserved the stock, and why no event has come, cannot be known from the API's"
        " side alone: the event may be lost, late or never sent."
    ),
    "duplicate.headline": _("reserved more than once for one order"),
    "duplicate.reserved": _("The worker reserved stock %(times)s times for this one order."),
    "duplicate.arrived": _("The job arrived %(times)s times at the worker."),
    "duplicate.api_cannot_know": _(
        "The API cannot know this: it sent %(sent)s, and an answer does not say how often the job"
        " was done."
    ),
    "cancelled.reserved_headline": _("the stock is reserved for nobody"),
    "cancelled.not_confirmed_headline": _("not confirmed in time"),
    "cancelled.by_api": _(
        "The order was not confirmed in time, so the API cancelled it and told its client so."
    ),
    "cancelled.late_event": _(
        "The worker's event came %(ms)s ms after that and changed nothing: what the client was"
        " told holds."
    ),
    "cancelled.never_sent": _("No job was sent, so the worker has reserved nothing."),
    "cancelled.reservation_unknown": _(
        "Whether the worker has reserved the stock cannot be known from these records: if it has,"
        " it holds it for nobody until reconciliation releases it."
    ),
    "cancelled.reserved": _(
        "The worker has reserved the stock all the same, and holds it for nobody until"
        " reconciliation releases it."
    ),
    "cancelled.released": _("The worker had reserved the stock, and has released it again."),
    "cancelled.sold_out": _("The worker was sold out and has reserved nothing."),
    "cancelled.declined": _("The worker did not do the job and has reserved nothing."),
    "callback.not_answered_headline": _("the worker was not answered, yet the API knows"),
    "callback.refused_headline": _("the worker's event was answered with a failure"),
    "callback.event_arrived": _(
        "An event had arrived at the API, and at the API the order is %(status)s."
    ),
    "callback.worker_cannot_know": _(
        "The worker cannot know this: to it, a lost event and a lost answer look the same."
    ),
    "callback.taken_in_unknown": _(
        "Whether the API had taken the event in before it was answered so cannot be known from the"
        " worker's side alone."
    ),
    "callback.event_not_taken_headline": _("the work is done, and the API did not take the event"),
    "callback.event_without_decision": _(
        "The event arrived at the API, which did not decide the order by it."
    ),
    "callback.not_received_headline": _("the work is done, and the API never heard"),
    "callback.no_event_headline": _("the work is done, and no event is on the API's record"),
    "callback.api_cannot_know": _(
        "The API cannot know this by itself: it waits for an event, and cannot tell one that was"
        " lost from one that is late or was never sent."
    ),
    "callback.settles": _("GET /reservations/%(order)s on the worker would tell the API."),
    "callback.reserved": _("The worker has reserved the stock."),
    "callback.processed": _("The worker has processed the job."),
    "callback.still_pending": _("Even so, the order is still PENDING at the API."),
    "callback.worker_alone_headline": _(
        "The worker has done its part, and holds its callback for failed"
    ),
    "callback.part_done": _("The worker has done its part."),
    "callback.part_done_not_reached": _(
        "The worker has done its part, and this event never reached the API."
    ),
    "callback.why_refused_unknown": _(
        "Why it was refused cannot be known from the worker's side alone: a stopped API and a cut"
        " link refuse in the same way."
    ),
    "callback.belief_unknown": _(
        "What the API believes meanwhile cannot be known from the worker's side alone."
    ),
    "callback.arrival_unknown": _(
        "Whether the event reached the API cannot be known from the worker's side alone: a lost"
        " event, a lost answer, a slow API and a crashed API look the same."
    ),
    "worker_side.headline": _("The worker has done its part, and the API was told"),
    "worker_side.no_callback_headline": _(
        "The worker has done its part, and no callback is on record"
    ),
    "worker_side.arrived_headline": _(
        "The job arrived at the worker, and no reservation is on record"
    ),
    "worker_side.api_waits_unknown": _(
        "Whether the API was still waiting for the answer to its job cannot be known from the"
        " worker's side alone."
    ),
    "worker_side.callback_answered": _(
        "The API answered the callback after %(ms)s ms, so the event arrived."
    ),
    "worker_side.reserved": _("The worker reserved the stock."),
    "worker_side.released": _(
        "The worker has released what it had reserved: the API cancelled the order."
    ),
    "worker_side.arrived": _(
        "The job arrived at the worker; no record says that it reserved anything."
    ),
}
