"""A trace by steps: what is one step, and what is counted of it."""

from __future__ import annotations

from random import Random

from telemetry.reading.comparing.steps import DEEPEST, Step, steps_of
from telemetry.reading.comparing.tree import Tree
from tests.telemetry.reading.comparing.spans import MS, anything, timed


def all_below(step: Step) -> list[Step]:
    found: list[Step] = []
    waiting = [step]
    while waiting:
        found.extend(waiting[-1].below.values())
        waiting.extend(waiting.pop().below.values())
    return found


def test_calls_of_one_operation_below_the_same_ones_are_one_step() -> None:
    root = steps_of(
        [
            timed("1", "", "GET /", 0, 100),
            timed("2", "1", "try", 10, 30, error="reset"),
            timed("3", "1", "try", 40, 80, error="error"),
            timed("4", "3", "work", 50, 60, service="bank"),
        ]
    ).below["shop", "GET /"]
    assert (root.count, root.total_ns, root.self_ns) == (1, 100 * MS, 40 * MS)
    tries = root.below["shop", "try"]
    assert (tries.count, tries.failed, tries.kinds) == (2, 2, ["reset", ""])
    assert (tries.total_ns, tries.self_ns) == (60 * MS, 50 * MS)
    assert tries.slowest is not None
    assert tries.slowest.span_id == "3"
    assert list(tries.below) == [("bank", "work")]


def test_time_in_which_several_children_ran_is_taken_off_once_and_no_more_than_there_was() -> None:
    root = steps_of(
        [
            timed("1", "", "GET /", 0, 100),
            timed("2", "1", "a", 10, 50),
            timed("3", "1", "b", 20, 40),
            timed("4", "1", "c", 90, 400),
        ]
    ).below["shop", "GET /"]
    assert root.self_ns == 50 * MS


def test_what_has_not_ended_goes_on_until_the_end_of_what_is_known() -> None:
    found = steps_of([timed("1", "", "GET /", 0, None), timed("2", "1", "a", 10, 70)])
    assert found.below["shop", "GET /"].total_ns == 70 * MS


def test_of_an_id_that_both_sides_of_a_call_share_the_callee_is_below() -> None:
    found = steps_of(
        [
            timed("x", "", "POST /pay", 1, 9, service="bank", kind="SERVER"),
            timed("x", "", "POST", 0, 10, kind="CLIENT"),
            timed("y", "x", "charge", 2, 5, service="bank"),
        ]
    )
    call = found.below["shop", "POST"]
    assert list(call.below["bank", "POST /pay"].below) == [("bank", "charge")]


def test_whatever_is_reported_every_span_is_visited_once_after_its_parent() -> None:
    for seed in range(300):
        random = Random(seed)  # noqa: S311 # no secret
        spans = anything(random, random.randrange(1, 25))
        before: set[int] = {-1}
        for visit in Tree(spans).visits():
            assert visit.place not in before
            assert visit.parent in before
            assert 0 <= visit.self_ns <= visit.length_ns
            before.add(visit.place)
        assert len(before) == len(spans) + 1
        steps = all_below(steps_of(spans))
        assert sum(step.count for step in steps) == len(spans)
        assert sum(step.failed for step in steps) == sum(span.status == "ERROR" for span in spans)


def test_a_chain_without_end_stands_on_a_level_of_its_own() -> None:
    chain = [timed(str(n), str(n - 1), f"step {n}", n, 9_000) for n in range(3_000)]
    steps = all_below(steps_of(chain))
    assert max(step.depth for step in steps) == DEEPEST + 1
    assert sum(step.count for step in steps) == 3_000
