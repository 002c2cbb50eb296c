"""The English texts of this room's messages, by code. Without Django: stock ``chaos run`` too.

Where a reader's language is known, `experiments.wording` renders the same messages in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.errors import LAB_TEXTS
from base.faults import texts as fault_texts
from base.message import Message, gettext_noop, render

if TYPE_CHECKING:
    from collections.abc import Sequence

_OBSERVED = {
    "observed.answer": gettext_noop("HTTP status that the client got"),
    "observed.order_status": gettext_noop("What the API believes"),
    "observed.orders_made": gettext_noop("Orders that the API made of a request"),
    "observed.reservations": gettext_noop("Reservations that the worker made for an order"),
    "observed.log_line": gettext_noop("Log line"),
    "observed.delivery_failure": gettext_noop("How the call to the worker failed"),
    "observed.orders_logged": gettext_noop("Orders with the log line “%(line)s”"),
    "observed.orders_in_status": gettext_noop("Orders that the API holds to be %(status)s"),
    "observed.clients_waited": gettext_noop("Clients that waited over %(ms)s ms for their answer"),
    "observed.seconds_to_confirm": gettext_noop("Seconds from accepted to confirmed"),
    "observed.traces": gettext_noop("Traces of an order"),
    "observed.took": gettext_noop("How long the client waited, in ms"),
    "observed.error_kind": gettext_noop("How the request ended for the client"),
    "observed.recorded": gettext_noop("Whether %(service)s has records of the request"),
    "observed.calls": gettext_noop("How the calls of %(service)s ended"),
    "observed.explained": gettext_noop("What the explanation says"),
}
_VALUES = {
    "value.plain": "%(text)s",
    "value.counted": "%(value)s (×%(count)s)",
    "value.next": "%(first)s; %(rest)s",
    "value.one_of": gettext_noop("%(first)s or %(rest)s"),
    "value.range": gettext_noop("%(least)s to %(most)s"),
    "value.at_least": gettext_noop("at least %(count)s"),
    "value.at_most": gettext_noop("at most %(count)s"),
    "value.between": gettext_noop("at least %(least)s and at most %(most)s"),
    "value.share": gettext_noop("%(some)s of %(all)s"),
    "value.after": gettext_noop("%(kinds)s, after %(least)s to %(most)s ms"),
    "value.no_order": gettext_noop("nothing was sent"),
    "value.no_error": gettext_noop("without an error"),
    "value.recorded": gettext_noop("on record"),
    "value.not_recorded": gettext_noop("not on record"),
    "value.no_call": gettext_noop("no failed call"),
    "value.not_explained": gettext_noop("not explained"),
    "value.unknown_order": gettext_noop("not known"),
    "value.no_line": gettext_noop("no such line"),
    "value.not_sent": gettext_noop("not sent"),
    "value.never_confirmed": gettext_noop("never confirmed"),
    "value.one_trace": gettext_noop("one trace, %(services)s"),
    "value.traces": gettext_noop("%(count)s traces, %(services)s"),
    "value.and": gettext_noop("%(first)s and %(rest)s"),
    "value.no_service": gettext_noop("none"),
}
_ANOMALIES = {
    "anomaly.lost": gettext_noop("acknowledged to its client, and not known to the API"),
    "anomaly.stuck": gettext_noop("PENDING in the end"),
    "anomaly.reserved_twice": gettext_noop("reserved more than once"),
    "anomaly.reserved_without_order": gettext_noop("reserved, and not known to the API"),
    "anomaly.confirmed_without_reservation": gettext_noop("CONFIRMED, and never reserved"),
    "anomaly.rejected_though_reserved": gettext_noop("REJECTED, and reserved"),
    "anomaly.reserved_for_cancelled": gettext_noop(
        "CANCELLED, and reserved: the stock is held for nobody"
    ),
    "anomaly.cancelled_though_acknowledged": gettext_noop(
        "acknowledged to its client, and CANCELLED"
    ),
    "anomaly.placed_twice": gettext_noop(
        "placed once by its client, and known to the API as several orders"
    ),
    "anomaly.taken_though_failed": gettext_noop(
        "not taken, by what its client was told, and not CANCELLED at the API"
    ),
    "anomaly.otherwise_than_told": gettext_noop("decided otherwise than its client was told"),
    "anomaly.stock": gettext_noop("stock and reservations do not add up"),
}
_REASONS = {
    "reason.stopped": gettext_noop("stopped"),
    "reason.interrupted": gettext_noop("interrupted before its end"),
    "reason.no_link": gettext_noop("the lab's system has no link %(name)s"),
    "reason.no_firewall": gettext_noop("the lab may not change the firewall: %(reason)s"),
    "reason.not_restored": gettext_noop("not put back: %(error)s"),
    "reason.invalid": gettext_noop("Chaos Toolkit refuses the file: %(problem)s"),
    "reason.not_gathered": gettext_noop(
        "The lab could not be asked what became of the orders: %(error)s"
    ),
}
_ERRORS = {
    "error.unknown_experiment": gettext_noop("there is no experiment “%(name)s”"),
    "error.unreadable_experiment": gettext_noop("“%(name)s” is no experiment: %(problem)s"),
    "error.needs_orders": gettext_noop("this needs the lab's own system, which takes orders"),
    "error.unknown_run": gettext_noop("not found"),
    "error.run_ended": gettext_noop("this run has ended already"),
    "error.busy": gettext_noop("another experiment is running: stop it, or wait for its end"),
    "error.unknown_defences": gettext_noop("unknown defences: %(names)s"),
    "error.bounds": gettext_noop("%(name)s must be from %(least)s to %(most)s"),
    "error.names": gettext_noop("%(name)s must be some of %(known)s"),
    "error.unknown_fields": gettext_noop("unknown: %(names)s"),
    "error.not_integer": gettext_noop("%(name)s must be an integer"),
    "error.not_names": gettext_noop("%(name)s must be a list of names"),
    "error.faults_in_force": gettext_noop("%(count)s faults are in force: heal them first"),
    "error.missing_defences": gettext_noop("this lab has no defence %(names)s"),
    "error.not_steady": gettext_noop("without a fault no order is confirmed"),
}
_MATRIX = {
    "row.none": gettext_noop("no defence"),
    "row.retry": gettext_noop("retry"),
    "row.outbox": gettext_noop("outbox"),
    "row.idempotent_jobs": gettext_noop("idempotent jobs"),
    "row.callback_outbox": gettext_noop("callback outbox"),
    "row.reconciliation": gettext_noop("reconciliation"),
    "row.circuit_breaker": gettext_noop("circuit breaker"),
    "row.deadline": gettext_noop("deadline propagation"),
    "row.consistency": gettext_noop("consistency"),
    "row.survivors": gettext_noop("all four combined"),
    "column.none": gettext_noop("no fault"),
    "column.jobs-cut": gettext_noop("way to the worker cut"),
    "column.jobs-lost": gettext_noop("jobs lost"),
    "column.answers-lost": gettext_noop("answers lost"),
    "column.jobs-twice": gettext_noop("jobs delivered twice"),
    "column.callbacks-cut": gettext_noop("callbacks cut"),
    "column.worker-slow": gettext_noop("worker slow"),
    "column.worker-crash": gettext_noop("worker crashed"),
    "count.lost": gettext_noop("%(count)s lost"),
    "count.stuck": gettext_noop("%(count)s stuck"),
    "count.reserved_twice": gettext_noop("%(count)s twice"),
    "count.reserved_without_order": gettext_noop("%(count)s without order"),
    "count.confirmed_without_reservation": gettext_noop("%(count)s not reserved"),
    "count.rejected_though_reserved": gettext_noop("%(count)s rejected"),
    "count.reserved_for_cancelled": gettext_noop("%(count)s held for nobody"),
    "count.cancelled_though_acknowledged": gettext_noop("%(count)s cancelled"),
    "count.placed_twice": gettext_noop("%(count)s placed twice"),
    "count.taken_though_failed": gettext_noop("%(count)s taken though refused"),
    "count.otherwise_than_told": gettext_noop("%(count)s otherwise than told"),
    "count.stock": gettext_noop("stock wrong"),
}

TEXTS = {
    **_OBSERVED,
    **_VALUES,
    **_ANOMALIES,
    **_REASONS,
    **_ERRORS,
    **_MATRIX,
    **fault_texts.TEXTS,
    **LAB_TEXTS,
}


def english(message: Message) -> str:
    """Return the English text of ``message``."""
    return render(message, TEXTS)


def plain(text: object) -> Message:
    """Wrap what reads the same in every language: a number, a status, a log line."""
    return Message("value.plain", {"text": str(text)})


def joined(messages: Sequence[Message], code: str) -> Message:
    """Join ``messages`` by the text of ``code``, which has the places ``first`` and ``rest``."""
    *before, last = messages or (plain(""),)
    for each in reversed(before):
        last = Message(code, {"first": each, "rest": last})
    return last
