"""Texts of any application's calls: no name of the lab's own system is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

if TYPE_CHECKING:
    from base.message import Text

TEXTS: dict[str, Text] = {
    "calls.some_caller": _("its caller"),
    "calls.some_callee": _("the called side"),
    "calls.some_queue": _("its queue"),
    "calls.no_name": _("(no name)"),
    # how a call ended for its caller
    "calls.failed": _(
        "The call “%(call)s” of %(caller)s to %(callee)s failed after %(ms)s ms: %(how)s."
    ),
    "how.answered": _("the answer was %(status)s"),
    "how.simulated_partition": _("a switch in the code cut it (%(written)s)"),
    "how.connect_refused": _("the connection was refused (%(written)s)"),
    "how.connect_timeout": _("no connection came about (%(written)s)"),
    "how.read_timeout": _("no complete response came in time (%(written)s)"),
    "how.reset": _("the connection broke off (%(written)s)"),
    "how.dns": _("the name was not found (%(written)s)"),
    "how.tls": _("no secure connection came about (%(written)s)"),
    "how.bad_response": _("the answer could not be read (%(written)s)"),
    "how.aborted": _("its caller ended it (%(written)s)"),
    "how.other": _("it is on record as %(written)s"),
    "how.unnamed": _("no record says how"),
    "calls.gave_up": _(
        "%(caller)s gave up its call “%(call)s” to %(callee)s after %(ms)s ms: no complete response"
        " had come (%(written)s)."
    ),
    "calls.ended_itself": _(
        "%(caller)s ended its call “%(call)s” to %(callee)s itself after %(ms)s ms (%(written)s);"
        " whether it had waited long enough is not on record."
    ),
    "calls.gave_up_or_answered": _(
        "Whether the time of %(caller)s was up or %(callee)s answered it so cannot be known: gRPC"
        " has one code, %(code)s, for both."
    ),
    "calls.fault_in_force": _(
        "While it was under way, the fault %(kind)s was in force on %(target)s."
    ),
    # it was not sent
    "calls.unreached_headline": _("%(caller)s did not reach %(callee)s"),
    "unreached.simulated_partition": _(
        "The call did not reach %(callee)s: nothing of it was sent."
    ),
    "unreached.connect_refused": _(
        "The call did not reach %(callee)s: its connection was refused."
    ),
    "unreached.connect_timeout": _("The call did not reach %(callee)s: no connection came about."),
    "unreached.dns": _("The call did not reach %(callee)s: its name was not found."),
    "unreached.tls": _("The call did not reach %(callee)s: no secure connection came about."),
    "calls.unreached_why": _(
        "Why cannot be known from the side of %(caller)s: not started, stopped and cut off by"
        " something in between look the same."
    ),
    "unreached_why.dns": _(
        "Why cannot be known from the side of %(caller)s: a wrong name, and a"
        " name service that does not know it or cannot be asked, look the"
        " same."
    ),
    "unreached_why.tls": _(
        "Whether %(caller)s had %(callee)s itself at the other end, or something before it, cannot"
        " be known from its side."
    ),
    "unreached_settles.dns": _("Looking the name up from where %(caller)s runs would settle it."),
    "unreached_settles.tls": _(
        "The certificate of what listens there, and its log, would settle it."
    ),
    "calls.unreached_settles": _(
        "Whether %(callee)s was running and listened there at that time would settle it."
    ),
    "calls.last_attempt_unreached": _("The last attempt of the call did not reach %(callee)s."),
    "calls.attempts_unknown": _(
        "Whether an attempt before it had reached %(callee)s cannot be known from the side of"
        " %(caller)s: the JDK's client makes a GET anew when its connection ends, within one span."
    ),
    # it was answered, badly
    "calls.answered_headline": _("%(caller)s called %(callee)s, and %(how)s"),
    "calls.answered": _(
        "It arrived and was answered %(status)s, by %(callee)s or by something before it;"
        " %(caller)s did not give up."
    ),
    "calls.answered_itself": _(
        "It arrived at %(callee)s, which answered %(status)s itself; %(caller)s did not give up."
    ),
    "calls.arrived_and_answered": _(
        "It arrived at %(callee)s, and %(caller)s was answered %(status)s: it did not give up."
    ),
    "calls.error_answered_headline": _("%(callee)s answered %(caller)s with an error"),
    "calls.error_says": _("The error says: %(text)s"),
    "calls.error_answered": _(
        "It arrived and was answered with an error, by %(callee)s or by something before it;"
        " %(caller)s did not give up."
    ),
    "calls.answered_otherwise": _("%(callee)s recorded %(own)s, and %(caller)s got %(status)s."),
    "calls.before_unknown": _(
        "What %(callee)s did before it answered cannot be known from these records."
    ),
    "calls.before_unknown_but_logs": _(
        "What else %(callee)s did before it answered cannot be known from these records."
    ),
    "calls.settled_by_records": _("The records of %(callee)s would settle it."),
    # no complete response came
    "calls.gave_up_headline": _("%(caller)s gave up while %(callee)s was at work"),
    "calls.late_arrival_headline": _("The call reached %(callee)s after %(caller)s had given up"),
    "calls.answer_lost_headline": _("%(callee)s had done its part, and %(caller)s got no answer"),
    "calls.broken_headline": _("The connection of %(caller)s to %(callee)s broke off half-way"),
    "calls.no_answer_headline": _("%(caller)s got no answer from %(callee)s"),
    "calls.failed_headline": _("The call of %(caller)s to %(callee)s failed"),
    "calls.arrived": _("The call arrived: %(callee)s has it on record."),
    "calls.too_late": _(
        "%(callee)s was still at work then and ended %(ms)s ms later: an answer at its end came too"
        " late."
    ),
    "calls.too_late_by_clocks": _(
        "By the clocks of both, %(callee)s was still at work then and ended %(ms)s ms later: an"
        " answer at its end came too late."
    ),
    "calls.went_on_by_clocks": _(
        "By the clocks of both, %(callee)s was still at work then and ended %(ms)s ms later."
    ),
    "calls.went_on_after_failure": _(
        "%(callee)s was still at work then and ended %(ms)s ms later."
    ),
    "calls.came_after": _(
        "It reached %(callee)s %(ms)s ms after it was over for %(caller)s, by the clocks of both."
    ),
    "calls.worked_all_the_same": _(
        "%(callee)s worked at it all the same and ended %(ms)s ms after it was over for %(caller)s:"
        " an answer at its end came too late."
    ),
    "calls.ready_before": _(
        "%(callee)s had ended its work %(ms)s ms before, by the clocks of both, and no complete"
        " response came to %(caller)s."
    ),
    "calls.ready_and_went_on": _(
        "%(callee)s had ended its “%(call)s” %(ms)s ms before, by the"
        " clocks of both, and no complete response came to %(caller)s;"
        " what it had begun in the background went on for %(more)s ms."
    ),
    "calls.ended_together": _(
        "The record of %(callee)s ends at the same moment, within %(ms)s ms by the clocks of both."
    ),
    "calls.ended_together_unknown": _(
        "Whether %(callee)s had done its work by then cannot be known: Node's instrumentation ends"
        " a server's span when its caller leaves."
    ),
    "calls.cancelled_together_unknown": _(
        "Whether %(callee)s had done its work by then cannot be known: gRPC lets a server end with"
        " %(own)s when its caller has left or the time is up."
    ),
    "calls.process_ended": _("The process of %(callee)s ended in the middle of it."),
    "calls.not_ended": _("%(callee)s has begun it and has not ended it yet."),
    "calls.could_not_know": _(
        "At that moment %(caller)s could not know whether the call had arrived: %(alike)s look the"
        " same."
    ),
    "calls.stopped": _(
        "By the lab's own list of faults, one that lets no request through was in force on this"
        " link during the whole call: it did not arrive at %(callee)s."
    ),
    "calls.stopped_unknown": _("%(caller)s could not know this: %(alike)s look the same."),
    "alike.no_answer": _("a lost request, a slow %(callee)s and a lost answer"),
    "alike.reset": _("a request that was torn off and an answer that was torn off"),
    "alike.failure": _("a failure on the way to %(callee)s and one of its own"),
    "calls.answer_began": _(
        "The call was answered: a response of %(status)s had begun before it broke off."
    ),
    "calls.part_of_answer_came": _(
        "The call was answered: a part of a response had come before it broke off."
    ),
    "calls.no_proof": _(
        "No answer came to %(caller)s in time: that does not show that nothing was done."
    ),
    "calls.arrival_unknown": _(
        "Whether the call “%(call)s” reached %(callee)s cannot be known: no record of %(callee)s"
        " shows it here. A call that did not arrive and a side that sends no telemetry look the"
        " same."
    ),
    "calls.arrival_unknown_but_logs": _(
        "Whether it was the call “%(call)s” that came to"
        " %(callee)s cannot be known: what %(callee)s logged"
        " shows that it was called within this trace, and not by"
        " which call."
    ),
    "calls.arrival_unknown_to_side": _(
        "Whether the call “%(call)s” reached %(callee)s cannot be"
        " known from the side of %(caller)s: %(alike)s look the"
        " same."
    ),
    "calls.may_have_heard": _(
        "“%(heard)s” came to %(caller)s afterwards. If %(callee)s sent it because of this call, the"
        " call had arrived; these records do not show who sent it."
    ),
    "calls.may_have_arrived": _(
        "“%(heard)s” came to %(receiver)s afterwards, from a side without a record. If it was"
        " %(callee)s that sent it because of this call, the call had arrived; these records do not"
        " show who sent it."
    ),
    # beside how it ended
    "calls.twice_headline": _("One call arrived %(times)s times at %(callee)s"),
    "calls.taken_twice_headline": _("One message was taken %(times)s times by %(callee)s"),
    "calls.arrived_twice": _(
        "One call, “%(call)s” of %(caller)s, arrived %(times)s times at %(callee)s."
    ),
    "calls.message_taken_twice": _(
        "One message, “%(call)s” of %(caller)s, was taken %(times)s times by %(callee)s."
    ),
    "calls.twice_why": _(
        "What made more than one of it cannot be known from these records: a repetition below the"
        " recorded call and a copy on its way look the same."
    ),
    "calls.of_one_span_headline": _("%(times)s requests of one span came to %(callee)s"),
    "calls.of_one_span": _(
        "%(times)s requests of “%(call)s” came to %(callee)s from one and the same span of its"
        " caller."
    ),
    "calls.of_one_span_why": _(
        "Whether its caller sent each of them, or one was doubled on its way, cannot be known from"
        " the side of %(callee)s."
    ),
    "calls.message_twice_why": _(
        "What made more than one of it cannot be known from these records: a message sent twice"
        " below the recorded call, and one that the queue gave out again since its taker had failed"
        " or not confirmed it, look the same."
    ),
    "calls.message_taken_again": _(
        "%(callee)s took it again %(ms)s ms later, without a failure on record."
    ),
    "calls.served_on_headline": _("No error on record; %(callee)s worked on after its answer"),
    "calls.served_on": _(
        "%(callee)s worked on for %(ms)s ms after %(caller)s had its answer to"
        " “%(call)s”: work that nobody waited for."
    ),
    "calls.retried": _(
        "%(caller)s made the call “%(call)s” to %(callee)s %(times)s times, again after each"
        " failure; the last was answered."
    ),
    "calls.retried_in_vain": _(
        "%(caller)s made the call “%(call)s” to %(callee)s %(times)s times, and every attempt"
        " failed."
    ),
    "calls.attempts_arrived": _(
        "%(times)s of these calls arrived at %(callee)s: each may have done its work there."
    ),
    # messages
    "calls.waited": _(
        "A message of %(caller)s waited %(ms)s ms in %(queue)s until %(callee)s took it, by the"
        " clocks of both."
    ),
    "calls.message_failed_headline": _("%(callee)s failed at a message from %(queue)s"),
    "calls.sender_not_told": _(
        "%(caller)s had handed the message over and waited for no answer: its own call shows"
        " nothing of what became of it."
    ),
    "calls.not_handed_over_headline": _("Handing a message of %(caller)s to %(queue)s failed"),
    "calls.handing_over_failed": _(
        "Handing over the message “%(call)s” of %(caller)s failed after %(ms)s ms: %(how)s."
    ),
    "calls.handed_over_unknown": _(
        "Whether the message lies in %(queue)s all the same cannot be known from these records."
    ),
    "calls.taken_elsewhere": _(
        "%(callee)s took the message of %(caller)s from %(queue)s in a trace of its own: its span"
        " “%(span)s” links to this one."
    ),
    "calls.taken_elsewhere_after": _(
        "%(callee)s took the message of %(caller)s from %(queue)s in a trace of its own, %(ms)s ms"
        " after it had been handed over by the clocks of both: its span “%(span)s” links to this"
        " one."
    ),
    "calls.sent_elsewhere": ngettext_lazy(
        "“%(span)s” of %(callee)s took %(count)s message from %(queue)s that was sent in another"
        " trace, by %(listed)s.",
        "“%(span)s” of %(callee)s took %(count)s messages from %(queue)s that were sent in other"
        " traces, by %(listed)s.",
        "count",
    ),
    "calls.not_taken": _(
        "Whether the message that %(caller)s put into %(queue)s has been taken cannot be known: no"
        " taker has it on record here."
    ),
    "calls.not_taken_settles": _("The queue itself, or its takers' records, would settle it."),
    # both sides, moment by moment
    "truth.waits": _("has called, and waits"),
    "truth.hands_over": _("hands a message over"),
    "truth.handed_over": _("has handed the message over"),
    "truth.answered": _("has its answer"),
    "truth.gave_up": _("has given up"),
    "truth.failed": _("has failed"),
    "truth.nothing": _("has nothing on record"),
    "truth.logged": _("has logged: %(text)s"),
    "truth.at_work": _("is at work"),
    "truth.done": _("has ended its work"),
    # the whole
    "calls.span_headline": _("“%(span)s” of %(service)s failed"),
    "calls.span_failed": _("In %(service)s, “%(span)s” failed (%(written)s)."),
    "calls.span_failed_with": _("In %(service)s, “%(span)s” failed (%(written)s): %(text)s"),
    "calls.span_failed_saying": _("In %(service)s, “%(span)s” failed: %(text)s"),
    "calls.answered_in_the_end": _("In the end %(service)s answered %(status)s to “%(span)s”."),
    "calls.ended_in_the_end": _("In the end %(service)s had “%(span)s” on record as %(status)s."),
    "calls.logged_headline": _("%(service)s logged an error"),
    "calls.logged": _("%(service)s logged: %(text)s"),
    "calls.no_error_in_part_headline": _("No error in the part that was read"),
    "calls.part_alone": _(
        "All of this rests on the first %(spans)s spans and %(logs)s log records of the trace: what"
        " is missing here may be in the rest."
    ),
    "calls.logs_alone": _("This trace has no spans: its log records are all that there is."),
    "calls.further_failures": ngettext_lazy(
        "%(count)s further call failed.", "%(count)s further calls failed.", "count"
    ),
    "calls.where_time_went": ngettext_lazy(
        "It took %(ms)s ms in %(count)s service; most of it: %(listed)s.",
        "It took %(ms)s ms through %(count)s services; most of it: %(listed)s.",
        "count",
    ),
    "calls.took": _("It took %(ms)s ms."),
    "calls.time_in": _("%(ms)s ms in “%(span)s” of %(service)s"),
    "calls.time_waiting_for": _(
        "%(ms)s ms in which %(service)s waited for “%(span)s” of %(callee)s"
    ),
    "calls.time_waiting": _("%(ms)s ms in which %(service)s waited for “%(span)s”"),
    "calls.caller_missing": _(
        "Who called “%(call)s” of %(callee)s, and whether its answer came"
        " there, cannot be known: that side has no record here. It may send"
        " none, or not have sampled it, or still have to send it."
    ),
    "calls.caller_hidden": _(
        "Whether its answer to “%(call)s” came to its caller cannot be known from the side of"
        " %(callee)s."
    ),
}
"""``%(…)s`` places are the parameters of the code's `base.message.Message`."""
