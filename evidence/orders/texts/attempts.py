"""Texts about calls that failed: what failed, and what that leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from base.message import Text

TEXTS: dict[str, Text] = {
    "failure.other": _("At %(boundary)s the call failed (%(kind)s)."),
    "failure.unnamed": _("At %(boundary)s the call failed, and no record says how."),
    "failure.no_kind": _("no record says how"),
    "failure.held_back": _(
        "At %(boundary)s nothing was sent: the circuit breaker of %(sender)s was open, since calls"
        " before this one had failed."
    ),
    "failure.simulated_partition": _(
        "At %(boundary)s nothing was sent: a switch in the code of %(sender)s cut the call"
        " (simulated_partition)."
    ),
    "failure.connect_refused": _(
        "At %(boundary)s the connection was refused after %(elapsed)s ms (connect_refused)."
    ),
    "failure.connect_timeout": _(
        "At %(boundary)s no connection came about within %(timeout)s ms (connect_timeout)."
    ),
    "failure.dns": _("At %(boundary)s the name of the other side could not be found (dns)."),
    "failure.tls": _("At %(boundary)s no secure connection came about (tls)."),
    "failure.read_timeout": _(
        "At %(boundary)s %(sender)s allowed %(timeout)s ms and gave up after %(elapsed)s ms without"
        " a complete response (read_timeout)."
    ),
    "failure.reset": _(
        "At %(boundary)s the connection broke after %(elapsed)s ms, before a complete response"
        " came (reset)."
    ),
    "failure.http_4xx": _(
        "At %(boundary)s the answer was HTTP %(status)s: the request was not accepted (http_4xx)."
    ),
    "failure.http_5xx": _(
        "At %(boundary)s the answer was HTTP %(status)s: the other side failed (http_5xx)."
    ),
    "failure.bad_response": _(
        "At %(boundary)s an answer came that is not what was agreed (bad_response)."
    ),
    "failure.aborted": _(
        "At %(boundary)s the caller ended the call (aborted); why is not on record."
    ),
    "failure.attempt": _("This was attempt %(attempt)s of %(most)s."),
    "failure.breaker_open": _("circuit breaker open"),
    "client.headline": _("The client's call failed, and the API has no record of it"),
    "client.never_sent": _("Nothing was sent, so the API never received this order."),
    "client.arrival_unknown": _(
        "Whether the API received the order cannot be known: it may have been lost on its way, or"
        " the API may have stopped or crashed before it wrote a record of it."
    ),
    "commit.headline": _("whether the order was stored was not known"),
    "commit.broke_off": _(
        "The API's connection to its database broke before the database answered, and the API told"
        " its caller so: 503, neither stored nor not stored."
    ),
    "commit.unknown": _(
        "Whether the order was stored could not be known then: a commit whose answer is lost may"
        " have happened, or not."
    ),
    "commit.was_stored": _("It was stored: later the API went on with this very order."),
    "client.settles": _("The API's list of orders, or its log, would settle it."),
    "not_sent.headline": _("the job never reached the worker"),
    "not_sent.breaker_headline": _("not sent: the circuit breaker was open"),
    "not_sent.certain": _("%(why)s and reserved nothing for it."),
    "not_sent.nothing_left": _("Nothing left the API, so the worker never received this job"),
    "not_sent.refused": _(
        "A refused connection carries no request, so the worker never received this job"
    ),
    "not_sent.no_connection": _(
        "Without a connection no request can arrive, so the worker never received this job"
    ),
    "not_sent.stays_pending": _("The order stays PENDING until a job is delivered."),
    "not_sent.from_records": _("from these records"),
    "not_sent.from_api_alone": _("from the API's side alone"),
    "not_sent.why_refused_unknown": _(
        "Why it was refused cannot be known %(where)s: a stopped worker and a cut link refuse in"
        " the same way."
    ),
    "not_sent.why_silent_unknown": _(
        "Why no connection came about cannot be known %(where)s: a cut link, a lost host and a"
        " worker too busy to answer are silent in the same way."
    ),
    "not_sent.health_unknown": _(
        "Whether the worker is well cannot be known %(where)s: nobody asked it."
    ),
    "not_sent.never_reached": _(
        "Whether the worker runs cannot be known %(where)s: it was never reached."
    ),
    "not_sent.ask_health": _("GET /healthz on the worker would tell whether it is well."),
    "not_sent.ask_past_the_link": _(
        "GET /healthz at the worker's own address, past the link, would tell a stopped worker from"
        " a broken link."
    ),
    "not_begun.headline": _("the worker did not begin a job that nobody awaited any more"),
    "not_begun.late": _(
        "The job reached the worker, but its deadline had passed %(late)s ms before it could be"
        " begun: nobody awaited it any more, and the worker reserved nothing."
    ),
    "not_begun.api_cannot_know": _(
        "The API cannot know this by itself: a worker that did nothing and one that did the job"
        " too late to say so look the same."
    ),
    "answered.headline": _("the job was answered with a failure"),
    "answered.reserved": _("Even so, the worker has reserved the stock."),
    "answered.arrived": _(
        "The job had arrived: the worker has a record of it, and none of a reservation."
    ),
    "answered.way_was_open": _("Something answered, so the way to it and back was open."),
    "answered.how_far_unknown": _(
        "The API cannot know how far the worker had come: an answer of failure does not say what"
        " was done before it."
    ),
    "answered.who_unknown": _(
        "Who answered cannot be known: the worker has no record of the job, so something before it"
        " may have answered."
    ),
    "answered.worker_itself_unknown": _(
        "Whether the worker itself answered, and what it had done before, cannot be known from the"
        " API's side alone."
    ),
    "no_answer.accepted_headline": _("the worker has the job, and more is not known"),
    "no_answer.done_headline": _("the worker has done its part, and the API does not know it"),
    "no_answer.lost_headline": _("the job was done, only the answer was lost"),
    "no_answer.slow_headline": _("the worker was slow, not dead"),
    "no_answer.late_headline": _("the job came when the API had given up"),
    "no_answer.no_answer_headline": _("the job had arrived, only no answer came"),
    "no_answer.event_headline": _("the event had come, only no answer did"),
    "no_answer.arrived": _(
        "The job had arrived at the worker; no record says that it reserved anything."
    ),
    "no_answer.answer_lost": _(
        "The job had arrived and the worker's answer was ready %(before)s ms before the API gave"
        " up, but it did not come through."
    ),
    "no_answer.reserved_after": _(
        "The job had arrived: the worker reserved the stock %(after)s ms later."
    ),
    "no_answer.sold_out_after": _(
        "The job had arrived: the worker found it sold out %(after)s ms later."
    ),
    "no_answer.still_pending": _("The order is still PENDING."),
    "no_answer.decided_by_callback": _("The order became %(status)s by the callback."),
    "no_answer.could_not_know": _(
        "When it gave up, the API could not know this: %(candidates)s look the same."
    ),
    "no_answer.knew_of_work": _(
        "When it gave up, the API knew already that the worker had done the job: only the answer"
        " was missing."
    ),
    "no_answer.knew_of_job": _(
        "When it gave up, the API knew already that the worker had received the job: another call"
        " had been answered."
    ),
    "no_answer.answer_unknown": _("What had become of the answer, the API could not know."),
    "no_answer.by_another_call": _("This call carried nothing, so the job came by another one."),
    "no_answer.callback_after": _(
        "The callback settled it: it came %(ms)s ms after the API had given up."
    ),
    "no_answer.callback_before": _(
        "The callback settled it: it had come %(ms)s ms before the API gave up."
    ),
    "no_answer.callback_settles_after": _(
        "The callback settles it once the API has stored what it says: it came %(ms)s ms after the"
        " API had given up."
    ),
    "no_answer.callback_settles_before": _(
        "The callback settles it once the API has stored what it says: it had come %(ms)s ms before"
        " the API gave up."
    ),
    "no_answer.settled": _("The API has learned it since: the order is %(status)s."),
    "no_answer.gave_up_headline": _("the API had given up, but the worker had not"),
    "no_answer.event_after_timeout": _(
        "The event shows that the worker had received the job and processed it: the timeout was"
        " not a failure."
    ),
    "no_answer.event": _("The event shows that the worker had received the job and processed it."),
    "no_answer.why_late_unknown": _(
        "Why the answer did not come in time cannot be known from the API's side alone: a slow"
        " worker, a slow link and a lost answer look the same."
    ),
    "no_answer.why_broken_unknown": _(
        "Why the connection broke cannot be known from the API's side alone: a broken link and a"
        " crashed worker look the same."
    ),
    "no_answer.open_headline": _("whether the job reached the worker cannot be known"),
    "no_answer.not_a_failure": _(
        "All that is certain is that no complete response came: this does not mean that the job"
        " failed."
    ),
    "no_answer.arrival_unknown": _(
        "Whether the job arrived cannot be known: it may have been lost on its way, or the worker"
        " may have stopped or crashed before it wrote a record of it."
    ),
    "no_answer.arrival_unknown_to_api": _(
        "Whether the worker received the job, and whether it reserved the stock, cannot be known"
        " from the API's side alone: %(candidates)s look the same."
    ),
    "no_answer.stopped": _(
        "By the lab's own list of faults, one that lets no request through was in force on this"
        " link during the whole call: the job did not arrive."
    ),
    "no_answer.stopped_unknown_to_api": _(
        "The API could not know this: %(candidates)s look the same."
    ),
    "no_answer.candidates": _("a lost request, a lost answer, a slow worker and a crashed worker"),
    "no_answer.reset_candidates": _(
        "a request lost on its way, an answer lost on its way and a crashed worker"
    ),
}
