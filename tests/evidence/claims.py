"""What each sentence of a diagnosis claims, as a question to the history that it tells of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.evidence.history import History

Claim = "Callable[[View, dict[str, Any]], bool]"


@dataclass(frozen=True)
class View:
    """A history, and whose records of it are looked at."""

    history: History
    perspective: str

    @property
    def sees_worker(self) -> bool:
        return self.perspective in ("all", "worker")

    @property
    def sees_api(self) -> bool:
        return self.perspective in ("all", "api")

    def shows_arrival(self) -> bool:
        """Whether any visible record shows that the job reached the worker."""
        history = self.history
        by_worker = self.sees_worker and bool(history.arrivals)
        return by_worker or (self.sees_api and history.api_knows_of_arrival())

    def shows_work(self) -> bool:
        by_worker = self.sees_worker and self.history.done
        return by_worker or (self.sees_api and self.history.api_knows_of_work())

    def callback_answered(self) -> bool:
        return self.sees_worker and "" in self.history.callbacks


def _status(view: View, params: dict[str, Any]) -> bool:
    return bool(params["status"] == view.history.status)


def _in_time(view: View) -> bool:
    given_up = view.history.given_up
    return any(at < given_up.end for at in given_up.answered_at)


def _reserved(view: View, _: Any) -> bool:
    return bool(view.history.reserved_at)


def _rejected(view: View, _: Any) -> bool:
    return bool(view.history.rejected_at)


def _done(view: View, _: Any) -> bool:
    return view.history.done


def _arrived(view: View, _: Any) -> bool:
    return bool(view.history.arrivals)


def _no_work_on_record(view: View, _: Any) -> bool:
    return bool(view.history.arrivals) and not view.shows_work()


def _event_came(view: View, _: Any) -> bool:
    return bool(view.history.events)


def _no_event_on_record(view: View, _: Any) -> bool:
    return not (view.sees_api and view.history.events)


def _callback_came_after(view: View, _: Any) -> bool:
    return min(view.history.events) + 1 >= view.history.given_up.end


def _callback_came_before(view: View, _: Any) -> bool:
    return min(view.history.events) < view.history.given_up.end


def _arrival_open(view: View, _: Any) -> bool:
    return not view.shows_arrival()


def _always(_view: View, _: Any) -> bool:
    return True


def _died(view: View, params: dict[str, Any]) -> bool:
    died = {"worker": view.history.crashed, "api": view.history.died_at is not None}
    return died[params["service"]["code"].removeprefix("service.")]


def _never_left(view: View, _: Any) -> bool:
    return not view.history.arrivals and all(each.never_sent for each in view.history.attempts)


CLAIMS: dict[str, Callable[[View, dict[str, Any]], bool]] = {
    "phrase.with_status": _status,
    "api.status": _status,
    "worker.sold_out": _rejected,
    # the job was never sent
    "not_sent.headline": _never_left,
    "not_sent.breaker_headline": _never_left,
    "not_sent.certain": _never_left,
    "not_sent.nothing_left": _never_left,
    "not_sent.refused": _never_left,
    "not_sent.no_connection": _never_left,
    "not_sent.stays_pending": lambda view, _: view.history.status == "PENDING",
    "not_sent.why_refused_unknown": _always,
    "not_sent.why_silent_unknown": _always,
    "not_sent.health_unknown": _arrival_open,
    "not_sent.never_reached": _arrival_open,
    # it was not begun
    "not_begun.headline": lambda view, _: view.history.not_begun and not view.shows_work(),
    "not_begun.late": lambda view, _: view.history.not_begun and not view.history.done,
    "not_begun.api_cannot_know": lambda view, _: not view.history.api_knows_of_work(),
    # it was answered with a failure
    "answered.headline": lambda view, _: (
        [each.kind for each in view.history.attempts if not each.never_sent][-1] == "http_5xx"
    ),
    "answered.reserved": _reserved,
    "answered.arrived": _no_work_on_record,
    "answered.way_was_open": lambda view, _: not view.shows_arrival(),
    "answered.how_far_unknown": lambda view, _: not view.history.api_knows_of_work(),
    "answered.who_unknown": _arrival_open,
    "answered.worker_itself_unknown": _arrival_open,
    # no answer came
    "no_answer.accepted_headline": _no_work_on_record,
    "no_answer.done_headline": lambda view, _: (
        view.history.done and not view.history.api_knows_of_work()
    ),
    "no_answer.lost_headline": lambda view, _: view.history.done and _in_time(view),
    "no_answer.slow_headline": lambda view, _: (
        view.history.given_up.arrivals[0]
        < view.history.given_up.end
        < view.history.given_up.answered_at[0]
    ),
    "no_answer.late_headline": lambda view, _: (
        view.history.given_up.arrivals[0] > view.history.given_up.end
    ),
    "no_answer.no_answer_headline": _arrived,
    "no_answer.event_headline": lambda view, _: view.history.api_knows_of_work(
        view.history.given_up.end
    ),
    "no_answer.gave_up_headline": lambda view, _: (
        not view.history.api_knows_of_work(view.history.given_up.end)
    ),
    "no_answer.arrived": _no_work_on_record,
    "no_answer.answer_lost": lambda view, params: _in_time(view) and params["before"] > 0,
    "no_answer.reserved_after": _reserved,
    "no_answer.sold_out_after": _rejected,
    "no_answer.still_pending": lambda view, _: view.history.status == "PENDING",
    "no_answer.decided_by_callback": lambda view, params: (
        _status(view, params) and not view.history.asked and bool(view.history.events)
    ),
    "no_answer.could_not_know": lambda view, _: (
        not view.history.api_knows_of_arrival(view.history.given_up.end)
    ),
    "no_answer.knew_of_work": lambda view, _: view.history.api_knows_of_work(
        view.history.given_up.end
    ),
    "no_answer.knew_of_job": lambda view, _: view.history.api_knows_of_arrival(
        view.history.given_up.end
    ),
    "no_answer.answer_unknown": _always,
    "no_answer.candidates": _always,
    "no_answer.reset_candidates": _always,
    "no_answer.by_another_call": lambda view, _: (
        not view.history.given_up.arrivals and bool(view.history.arrivals)
    ),
    "no_answer.callback_after": _callback_came_after,
    "no_answer.callback_before": _callback_came_before,
    "no_answer.callback_settles_after": _callback_came_after,
    "no_answer.callback_settles_before": _callback_came_before,
    "no_answer.settled": lambda view, params: _status(view, params) and view.history.asked,
    # the histories have no faults of the lab's own list
    "no_answer.stopped": lambda *_: False,
    "no_answer.stopped_unknown_to_api": lambda *_: False,
    "no_answer.event_after_timeout": _done,
    "no_answer.event": _done,
    "no_answer.why_late_unknown": lambda view, _: view.history.given_up.kind == "read_timeout",
    "no_answer.why_broken_unknown": lambda view, _: view.history.given_up.kind == "reset",
    "no_answer.open_headline": _arrival_open,
    "no_answer.not_a_failure": lambda view, _: view.history.given_up.unanswered,
    "no_answer.arrival_unknown": _arrival_open,
    "no_answer.arrival_unknown_to_api": _arrival_open,
    # it was answered well, and no event came
    "delivered.at_once": lambda view, _: not view.history.attempts[-1].kind,
    "delivered.at_last": lambda view, params: (
        not view.history.attempts[-1].kind and params["failed"] == len(view.history.attempts) - 1
    ),
    "waiting.headline": _no_event_on_record,
    "waiting.answered_headline": _no_event_on_record,
    "waiting.event_headline": _event_came,
    "waiting.processed": _done,
    "waiting.received": _arrived,
    "waiting.no_callback": lambda view, _: not view.history.callbacks,
    "waiting.callback_answered": lambda view, _: view.callback_answered(),
    "waiting.cannot_be_known": lambda view, _: not view.shows_work(),
    # decided
    "decided.contradiction_headline": lambda *_: False,
    "decided.agreement_headline": lambda view, _: (
        view.history.done and view.history.status in ("CONFIRMED", "REJECTED")
    ),
    "decided.event_headline": _event_came,
    "decided.no_event_headline": _no_event_on_record,
    "decided.both_confirmed": lambda view, _: (
        bool(view.history.reserved_at) and view.history.status == "CONFIRMED"
    ),
    "decided.both_rejected": lambda view, _: (
        bool(view.history.rejected_at) and view.history.status == "REJECTED"
    ),
    "decided.confirmed_by_event": lambda view, _: (
        bool(view.history.events) and view.history.status == "CONFIRMED"
    ),
    "decided.rejected_by_event": lambda view, _: (
        bool(view.history.events) and view.history.status == "REJECTED"
    ),
    # reserved twice
    "duplicate.headline": lambda view, _: len(view.history.reserved_at) > 1,
    "duplicate.reserved": lambda view, params: len(view.history.reserved_at) == params["times"],
    "duplicate.arrived": lambda view, params: len(view.history.arrivals) == params["times"],
    "duplicate.api_cannot_know": lambda view, params: (
        len([each for each in view.history.attempts if each.kind != "held_back"]) <= params["sent"]
    ),
    # cancelled
    "cancelled.reserved_headline": _reserved,
    "cancelled.not_confirmed_headline": lambda view, _: view.history.status == "CANCELLED",
    "cancelled.by_api": lambda view, _: view.history.status == "CANCELLED",
    "cancelled.late_event": _event_came,
    "cancelled.never_sent": _never_left,
    "cancelled.reservation_unknown": lambda view, _: not view.shows_work(),
    "cancelled.reserved": lambda view, _: (
        bool(view.history.reserved_at) and not (view.sees_worker and view.history.released)
    ),
    "cancelled.released": lambda view, _: view.history.released,
    "cancelled.sold_out": _rejected,
    "cancelled.declined": lambda view, _: not view.history.done,
    # the callback failed
    "callback.not_answered_headline": lambda view, _: not view.callback_answered(),
    "callback.refused_headline": lambda view, _: "http_5xx" in view.history.callbacks,
    "callback.event_arrived": lambda view, params: _event_came(view, {}) and _status(view, params),
    "callback.worker_cannot_know": lambda view, _: not view.callback_answered(),
    "callback.taken_in_unknown": lambda view, _: not view.callback_answered(),
    "callback.event_not_taken_headline": _event_came,
    "callback.event_without_decision": lambda view, _: (
        bool(view.history.events) and view.history.status == "PENDING"
    ),
    "callback.not_received_headline": lambda view, _: not view.history.events,
    "callback.no_event_headline": _no_event_on_record,
    "callback.api_cannot_know": lambda view, _: not view.history.api_knows_of_work(),
    "callback.reserved": _reserved,
    "callback.processed": _done,
    "callback.still_pending": lambda view, _: view.history.status == "PENDING",
    "callback.worker_alone_headline": _done,
    "callback.part_done": _done,
    "callback.part_done_not_reached": lambda view, _: view.history.done and not view.history.events,
    "callback.why_refused_unknown": lambda view, _: "connect_refused" in view.history.callbacks,
    "callback.belief_unknown": lambda view, _: not view.callback_answered(),
    "callback.arrival_unknown": lambda view, _: not view.callback_answered(),
    # the worker alone
    "worker_side.headline": lambda view, _: view.history.done and view.callback_answered(),
    "worker_side.no_callback_headline": lambda view, _: (
        view.history.done and not view.callback_answered()
    ),
    "worker_side.arrived_headline": _no_work_on_record,
    "worker_side.api_waits_unknown": _always,
    "worker_side.callback_answered": _event_came,
    "worker_side.reserved": lambda view, _: (
        bool(view.history.reserved_at) and not view.history.released
    ),
    "worker_side.released": lambda view, _: view.history.released,
    "worker_side.arrived": _no_work_on_record,
    # a process that died
    "crashed.headline": _died,
    "crashed.in_the_middle": _died,
    "crashed.reserved_before": lambda view, _: (
        min(view.history.reserved_at) < max(view.history.crashes)
    ),
    "crashed.reserved": _reserved,
    "crashed.job_had_arrived": _arrived,
    "crashed.job_unknown": _arrival_open,
    "crashed.reservation_unknown": lambda view, _: not (view.sees_worker and view.history.done),
    # under way
    "running.headline": lambda view, _: view.history.stalled,
    "running.not_ended": lambda view, _: view.history.stalled,
    "running.end_unknown": lambda view, _: view.history.stalled,
    "running.settles": lambda view, _: view.history.stalled,
    # beside the rest
    "general.never_sent": lambda view, _: view.history.something_never_sent,
    "caveat.client_not_answered": lambda view, _: view.history.died_at is not None,
    "caveat.every_attempt_failed": lambda view, params: (
        all(each.kind for each in view.history.attempts)
        and len(view.history.attempts) == params["times"]
    ),
    "caveat.duplicate_done_once": lambda view, _: len(view.history.reserved_at) == 1,
    "caveat.repeated_event": lambda view, params: len(view.history.events) == params["times"],
    # nothing on record, or nothing of the orders' rules
    "nothing.side_headline": lambda view, _: not view.history.arrivals,
    "nothing.no_record_of_side": lambda view, _: not view.history.arrivals,
    "nothing.lost_or_not_sent": lambda view, _: not view.history.arrivals,
}
"""Whether the claim of a code is true of a history, and open or known as it says."""

NO_CLAIM = (
    *("failure.", "settles.", "service.", "phrase.joined"),
    *("callback.settles", "nothing.settles", "not_sent.ask_", "not_sent.from_"),
)
"""Codes that repeat what was recorded, name something, or say whom to ask."""

NOT_TOLD = (
    *("general.", "client.", "nothing.", "side.", "belief.", "fact.", "missing.", "message."),
    # of clocks that are moved, of a trace cut short or not sampled, of clients that are cut off, of
    # databases that break off
    *("caveat.", "commit."),
    # of other applications' processes, of sides that decided against each other
    *("crashed.work_unknown", "crashed.settles", "decided.but_"),
)
"""Codes of which the histories have no case: tests of their own have."""
