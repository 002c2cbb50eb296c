"""No sentence denies another, its proofs or what happened, in whatever system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from evidence.explanation import perspectives_of
from evidence.model.trace import Trace
from tests.evidence.calls.worlds import Happened, World, worlds
from tests.support.properties import for_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Claim = Callable[["Seen", dict[str, Any]], bool]

NO_ANSWER = ("timeout", "aborted", "reset", "odd")


class Seen:
    """One call, and which of its records are looked at."""

    def __init__(self, world: World, call: Happened, perspective: str) -> None:
        self.call = call
        self.skewed = world.skewed
        self.nodes = world.nodes
        there = {span.span_id for span in world.run.spans}
        self.of_caller = (
            call.client is not None
            and call.client.span_id in there
            and perspective in ("all", call.caller)
        )
        self.of_callee = [
            span
            for span in call.arrivals
            if span.span_id in there and perspective in ("all", call.callee)
        ]


def arrived(seen: Seen, _: Any) -> bool:
    return bool(seen.call.came)


def never_arrived(seen: Seen, _: Any) -> bool:
    return not seen.call.came


def gave_up(seen: Seen, params: dict[str, Any]) -> bool:
    return seen.call.kind == "timeout" and abs(params["ms"] - took(seen.call)) <= 1


def took(call: Happened) -> float:
    return call.over - call.sent


def worked_longer(seen: Seen, params: dict[str, Any]) -> bool:
    return params["ms"] > 0 and seen.call.ended[0] > seen.call.over


def was_at_work(seen: Seen, params: dict[str, Any]) -> bool:
    later = seen.call.ended[0] - seen.call.over
    return worked_longer(seen, params) and (
        seen.skewed or (seen.call.came[0] <= seen.call.over and abs(params["ms"] - later) <= 1)
    )


def worked_on(seen: Seen, params: dict[str, Any]) -> bool:
    return not seen.call.kind and params["ms"] > 0 and seen.call.worked_until > seen.call.over


def near_the_end(call: Happened) -> bool:
    recorded = call.left_at or call.ended[0]
    return abs(recorded - call.over) <= 101


def looks_alike(seen: Seen, params: dict[str, Any]) -> bool:
    kinds = {"alike.no_answer": ("timeout", "aborted"), "alike.reset": ("reset",)}
    code = params["alike"]["code"]
    return seen.call.kind in kinds.get(code, ("odd",))


CLAIMS: dict[str, Claim] = {
    "unreached.connect_refused": never_arrived,
    "unreached.dns": never_arrived,
    "unreached.connect_timeout": never_arrived,
    "calls.unreached_why": lambda seen, _: seen.call.kind in ("refused", "no connection"),
    "unreached_why.dns": lambda seen, _: seen.call.kind == "no name",
    "calls.gave_up": gave_up,
    "calls.ended_itself": lambda seen, _: seen.call.kind == "aborted",
    "calls.failed": lambda seen, _: bool(seen.call.kind) or seen.call.status >= 400,
    "calls.answered": lambda seen, params: params["status"] == str(seen.call.status),
    "calls.answered_itself": lambda seen, _: seen.call.by_callee,
    "calls.arrived_and_answered": arrived,
    "calls.before_unknown": lambda seen, _: not seen.of_callee,
    "calls.arrived": arrived,
    "calls.too_late": was_at_work,
    "calls.went_on_after_failure": was_at_work,
    "calls.too_late_by_clocks": lambda seen, params: seen.skewed or was_at_work(seen, params),
    "calls.went_on_by_clocks": lambda seen, params: seen.skewed or was_at_work(seen, params),
    "calls.worked_all_the_same": lambda seen, params: seen.skewed or worked_longer(seen, params),
    "calls.came_after": lambda seen, _: seen.skewed or seen.call.came[0] > seen.call.over,
    "calls.ready_before": lambda seen, _: seen.skewed or seen.call.worked_until <= seen.call.over,
    "calls.ready_and_went_on": lambda seen, _: (
        seen.skewed or seen.call.ended[0] <= seen.call.over < seen.call.worked_until
    ),
    "calls.ended_together": lambda seen, _: (
        seen.call.callee in seen.nodes and near_the_end(seen.call)
    ),
    "calls.ended_together_unknown": lambda seen, _: seen.call.callee in seen.nodes,
    "calls.could_not_know": looks_alike,
    "calls.no_proof": lambda seen, _: seen.call.kind in ("timeout", "aborted"),
    "calls.arrival_unknown": lambda seen, _: seen.call.kind in NO_ANSWER and not seen.of_callee,
    "calls.arrival_unknown_to_side": looks_alike,
    "calls.may_have_arrived": lambda seen, _: seen.call.kind in NO_ANSWER and not seen.of_callee,
    "calls.may_have_heard": lambda seen, _: seen.call.kind in NO_ANSWER and not seen.of_callee,
    "calls.arrived_twice": lambda seen, params: len(seen.of_callee) == params["times"],
    "calls.twice_why": lambda seen, _: len(seen.of_callee) > 1,
    "calls.served_on": worked_on,
    "calls.waited": lambda seen, params: (
        seen.skewed or any(abs(params["ms"] - (at - seen.call.over)) <= 1 for at in seen.call.came)
    ),
    "calls.not_taken": lambda seen, _: seen.call.is_message and not seen.of_callee,
    "calls.message_taken_twice": lambda seen, params: (
        seen.call.is_message and len(seen.of_callee) == params["times"]
    ),
    "calls.message_twice_why": lambda seen, _: seen.call.is_message and len(seen.of_callee) > 1,
    "calls.of_one_span": lambda seen, params: len(seen.of_callee) == params["times"],
    "calls.of_one_span_why": lambda seen, _: not seen.of_caller,
    "calls.caller_missing": lambda seen, _: not seen.of_caller,
    "calls.caller_hidden": lambda seen, _: not seen.of_caller,
}
"""Whether what a sentence claims of the call that its proofs are of is true."""

NO_CLAIM = frozenset(
    {
        *("calls.where_time_went", "calls.took", "caveat.clocks", "general.services"),
        *("calls.span_failed", "calls.span_failed_with", "calls.span_failed_saying"),
        *("calls.retried", "calls.retried_in_vain", "calls.attempts_arrived"),
        *(
            "calls.settled_by_records",
            "calls.unreached_settles",
            "unreached_settles.dns",
            "calls.further_failures",
        ),
        *("calls.answered_in_the_end", "calls.answered_otherwise"),
        *("nothing.no_record", "calls.not_ended", "calls.not_taken_settles"),
    }
)
ARRIVED = {
    "unreached.connect_refused": "no",
    "unreached.dns": "no",
    "unreached.connect_timeout": "no",
    "calls.answered_itself": "yes",
    "calls.arrived_and_answered": "yes",
    "calls.arrived": "yes",
    "calls.too_late": "yes",
    "calls.ready_before": "yes",
    "calls.ready_and_went_on": "yes",
    "calls.ended_together": "yes",
    "calls.came_after": "yes",
    "calls.served_on": "yes",
    "calls.arrived_twice": "yes",
    "calls.arrival_unknown": "unknown",
    "calls.arrival_unknown_to_side": "unknown",
}
"""What a sentence says of whether its call arrived."""


def call_of(world: World, proofs: Sequence[Mapping[str, Any]]) -> Happened | None:
    """The call that the first of a sentence's proofs is of that is of any."""
    by_span = {}
    for call in world.calls:
        for span in call.arrivals:
            by_span[span.span_id] = call
    for call in world.calls:
        if call.client is not None:
            by_span[call.client.span_id] = call
    return next((by_span[one["id"]] for one in proofs if one["id"] in by_span), None)


def statements(world: World, perspective: str) -> Iterator[tuple[dict[str, Any], Seen | None]]:
    """Each sentence with the call that its proofs are of."""
    for each in world.run.evidence(perspective)["diagnosis"]["sentences"]:
        call = call_of(world, each["proofs"])
        yield dict(each), Seen(world, call, perspective) if call else None


def check(world: World, perspective: str) -> None:
    answers: dict[int, set[str]] = {}
    for each, seen in statements(world, perspective):
        assert each["proofs"] or each["kind"] == "settles" or each["code"] in NO_CLAIM, each
        if each["code"] in NO_CLAIM or seen is None:
            continue
        assert CLAIMS[each["code"]](seen, each["params"]), (each, vars(seen.call))
        if each["code"] in ARRIVED:
            answers.setdefault(id(seen.call), set()).add(ARRIVED[each["code"]])
    assert all(len(found) == 1 for found in answers.values())


@for_all(worlds(), st.integers(0, 5), examples=80)
def test_every_sentence_is_true_of_what_happened(world: World, number: int) -> None:
    sides = perspectives_of(Trace(world.run.spans, world.run.logs))
    check(world, sides[number % len(sides)])


@for_all(worlds(skewed=True), st.integers(0, 5), examples=80)
def test_whatever_the_clocks_say_no_sentence_is_untrue(world: World, number: int) -> None:
    sides = perspectives_of(Trace(world.run.spans, world.run.logs))
    check(world, sides[number % len(sides)])


@for_all(worlds(), examples=60)
def test_what_did_not_arrive_is_not_drawn_as_arrived(world: World) -> None:
    by_span = {call.client.span_id: call for call in world.calls if call.client is not None}
    for one in world.run.evidence()["messages"]:
        call = by_span.get(one["spanId"])
        if call is None or one["kind"] != "request":
            continue
        if one["outcome"] in ("lost", "refused"):
            assert not call.came
        if one["outcome"] == "delivered":
            assert call.came or call.status or call.is_message


@for_all(worlds(), examples=40)
def test_no_error_is_claimed_only_where_no_visible_span_failed(world: World) -> None:
    found = world.run.evidence()
    if found["diagnosis"]["code"] in ("general.no_error_headline", "calls.served_on_headline"):
        assert all(not call.kind for call in world.calls if Seen(world, call, "all").of_caller)
