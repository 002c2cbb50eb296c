"""Texts that several rules use, and those that hold for any trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

if TYPE_CHECKING:
    from base.message import Text

TEXTS: dict[str, Text] = {
    "service.api": _("the API"),
    "service.worker": _("the worker"),
    "service.client": _("the client"),
    "phrase.joined": _("%(first)s %(second)s"),
    "phrase.with_status": _("%(status)s: %(headline)s"),
    "settles.ask_worker": _("GET /reservations/%(order)s on the worker would settle it."),
    "settles.ask_worker_or_log": _(
        "GET /reservations/%(order)s on the worker, or the worker's log, would settle it."
    ),
    "settles.ask_api": _("GET /orders/%(order)s on the API would settle it."),
    "settles.ask_api_or_log": _(
        "GET /orders/%(order)s on the API, or the API's log, would settle it."
    ),
    "worker.sold_out": _("The worker was sold out."),
    "api.status": _("At the API the order is %(status)s."),
    "nothing.headline": _("Nothing is on record"),
    "nothing.no_record": _("There is no record of this request."),
    "nothing.side_headline": _("Nothing is on record on this side"),
    "nothing.no_record_of_side": _("Here %(service)s has no record of this request."),
    "nothing.lost_or_not_sent": _(
        "Whether it was lost on its way or never sent cannot be known from the side of %(service)s"
        " alone."
    ),
    "nothing.settles": _("The records of the other services would settle it."),
    "general.no_error_headline": _("No error on record"),
    "general.errors_headline": ngettext_lazy(
        "%(count)s error in this trace", "%(count)s errors in this trace", "count"
    ),
    "general.services": ngettext_lazy(
        "One service has records here.", "%(count)s services have records here.", "count"
    ),
    "general.longest_step": ngettext_lazy(
        "One service took part; the longest step was %(span)s of %(service)s with %(ms)s ms.",
        "%(count)s services took part; the longest step was %(span)s of %(service)s with %(ms)s"
        " ms.",
        "count",
    ),
    "general.errors_by_service": _("Errors by service: %(listed)s."),
    "general.never_sent": _(
        "The call %(span)s to %(receiver)s was never sent, so it did not arrive."
    ),
    "general.answered": _(
        "The call %(span)s to %(receiver)s was answered; what was done before that is not on record"
        " here."
    ),
    "general.arrival_unknown": _(
        "Whether the call %(span)s reached %(receiver)s cannot be known: the other side has no"
        " record of it here."
    ),
    "crashed.headline": _("the process of %(service)s ended in the middle of its work"),
    "crashed.in_the_middle": _("The process of %(service)s ended in the middle of %(span)s."),
    "crashed.reserved_before": _("The stock had been reserved before that."),
    "crashed.reservation_unknown": _(
        "Whether the stock was reserved before that cannot be known from these records."
    ),
    "crashed.reserved": _("The stock has been reserved."),
    "crashed.job_had_arrived": _("The job has reached the worker all the same."),
    "crashed.job_unknown": _(
        "Whether the API had sent the job before it ended cannot be known from its records."
    ),
    "crashed.work_unknown": _("What it had done by then cannot be known from its records."),
    "crashed.settles": _("The logs of that process, or what it has stored, would settle it."),
    "running.headline": _("still under way"),
    "running.not_ended": _("%(span)s of %(service)s has begun and has not ended yet."),
    "running.end_unknown": _("How it will end cannot be known yet."),
    "running.settles": _("Its end will settle it, or the deadline of its caller."),
    "caveat.truncated": _(
        "Only a part of this trace was read: what is missing here may be in the rest."
    ),
    "caveat.not_sampled": _(
        "This trace has no spans: by its flags it was not sampled, which a caller's traceparent can"
        " ask for. Its log records are all that there is."
    ),
    "caveat.clocks": _(
        "The clocks of %(sender)s and %(receiver)s disagree by %(ms)s ms or more, so the order of"
        " their records cannot be known from their times."
    ),
    "caveat.shared_span_id": _(
        "%(first)s and %(second)s have one span id, %(id)s: both are taken in, each with what its"
        " own service wrote."
    ),
    "caveat.every_attempt_failed": _(
        "The API tried %(times)s times, waited %(ms)s ms in between, and every attempt failed"
        " (%(kinds)s)."
    ),
    "caveat.client_not_answered": _(
        "The client's call failed (%(kind)s), and yet the API accepted the order."
    ),
    "caveat.duplicate_done_once": _(
        "The job arrived %(times)s times at the worker and was done once."
    ),
    "caveat.repeated_event": _(
        "The event came %(times)s times; whether the job was done as often cannot be known from"
        " the API's side alone."
    ),
}
