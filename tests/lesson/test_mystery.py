"""A mystery is chosen by its seed, and judged by what the API's own log could tell."""

from __future__ import annotations

from collections import Counter

import pytest

from lesson import mystery
from lesson.suspects import NAMES, SUSPECTS, Look, named
from tests.lesson.story import SECOND, delivered, event, failed

LONG_AFTER = 60 * SECOND


def judged(names: set[str], truth: str, *looks: Look) -> tuple[str, int]:
    verdict = mystery.judge(frozenset(names), truth=truth, looks=looks)
    return verdict.kind, verdict.points


def test_a_seed_always_hides_the_same_fault() -> None:
    chosen = {seed: mystery.choose(seed).name for seed in ("abc", "昨日の障害", "2026-11-28")}
    assert chosen == {
        "abc": "worker_slow",
        "昨日の障害": "worker_crash",
        "2026-11-28": "answer_lost",
    }


def test_every_suspect_is_chosen_by_some_seed_about_as_often_as_another() -> None:
    counted = Counter(mystery.choose(str(number)).name for number in range(2_600))
    assert set(counted) == set(NAMES)
    assert min(counted.values()) > 130


def test_seeds_that_look_the_same_are_the_same() -> None:
    assert mystery.read_seed(" ａｂｃ ") == "abc"


@pytest.mark.parametrize("seed", ["", "   ", "x" * 41, "a\x00b", None, 7, ["a"]])
def test_what_is_no_seed_is_refused(seed: object) -> None:
    with pytest.raises(mystery.BadSeedError):
        mystery.read_seed(seed)


@pytest.mark.parametrize(
    ("lines", "look"),
    [
        ([failed("connect_refused")], Look("connect_refused", "none")),
        ([event(0.1), failed("read_timeout", 0.8)], Look("read_timeout", "before")),
        ([failed("read_timeout", 0.8), event(3.1)], Look("read_timeout", "after")),
        ([event(0.1), delivered(0.2)], Look("delivered", "after")),
        ([delivered(0.2), event(0.3)], Look("delivered", "after")),
        ([delivered(0.2)], Look("delivered", "none")),
    ],
)
def test_an_orders_look_is_read_from_the_apis_lines(lines: list[object], look: Look) -> None:
    assert mystery.look(lines, until_ns=LONG_AFTER) == look  # type: ignore[arg-type] # lines of a story


def test_an_event_that_may_still_come_is_not_held_for_missing() -> None:
    lines = [failed("read_timeout", 0.8)]
    assert mystery.look(lines, until_ns=2 * SECOND) == Look("read_timeout", "not_yet")
    early = mystery.fitting({Look("read_timeout", "not_yet")})
    late = mystery.fitting({Look("read_timeout", "none")})
    assert set(early) - set(late) == {"worker_slow", "link_slow"}


def test_an_order_under_way_has_no_look() -> None:
    assert mystery.look([], until_ns=LONG_AFTER) is None


def test_each_suspect_fits_what_it_would_show() -> None:
    for suspect in SUSPECTS:
        for look in suspect.looks:
            assert suspect.name in mystery.fitting({look})


def test_several_orders_leave_only_what_fits_them_all() -> None:
    refused, torn = Look("connect_refused", "none"), Look("reset", "none")
    assert set(mystery.fitting({refused})) == {"job_cut", "worker_crash"}
    assert mystery.fitting({refused, torn}) == ("worker_crash",)


SILENT = Look("read_timeout", "none")
ALIKE = {"job_lost", "worker_pause", "event_lost"}


@pytest.mark.parametrize(
    ("names", "verdict"),
    [
        (ALIKE, ("exact", 3)),
        ({"job_lost"}, ("lucky", 2)),
        ({"worker_pause"}, ("fits", 1)),
        ({"job_lost", "well"}, ("broad", 1)),
        ({"well"}, ("wrong", 0)),
    ],
)
def test_what_cannot_be_told_apart_is_scored_by_what_could_be_known(
    names: set[str], verdict: tuple[str, int]
) -> None:
    assert judged(names, "job_lost", SILENT) == verdict


def test_what_can_be_told_is_worth_all_points() -> None:
    assert judged({"answer_lost"}, "answer_lost", Look("read_timeout", "before")) == ("exact", 3)


def test_a_lab_that_does_something_else_is_not_held_against_anyone() -> None:
    assert judged({"job_cut"}, "job_cut", Look("delivered", "after"))[0] == "odd"


def test_what_was_named_and_does_not_fit_is_explained() -> None:
    (state,) = mystery.ruled_out({"well", "job_lost"}, ("job_lost",))
    assert state["name"] == "well"
    assert "the event received" in state["text"]


def test_every_verdict_is_explained() -> None:
    for kind, looks in (("exact", {SILENT}), ("odd", {Look("delivered", "after")})):
        verdict = mystery.judge(frozenset(ALIKE), truth="job_lost", looks=looks)
        assert verdict.kind == kind
        assert mystery.explain(verdict)


@pytest.mark.parametrize("given", [None, [], "well", ["nobody"], ["well", 7], [{"name": "well"}]])
def test_what_names_no_suspect_is_refused(given: object) -> None:
    with pytest.raises(mystery.BadNamesError):
        mystery.read_names(given)


def test_a_suspect_says_what_it_is_and_where_else_it_shows() -> None:
    assert len(set(NAMES)) == len(NAMES)
    for suspect in SUSPECTS:
        assert named(suspect.name) is suspect
        assert str(suspect.title)
        assert str(suspect.elsewhere)
