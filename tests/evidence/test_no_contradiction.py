"""No sentence denies another, its proofs or what happened, whatever happened in which order."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st

from evidence.evaluation import evidence_of
from evidence.orders.texts import TEXTS
from evidence.orders.words import PERSPECTIVES
from tests.evidence import build
from tests.evidence.altered import contradicting
from tests.evidence.claims import CLAIMS, NO_CLAIM, NOT_TOLD, View
from tests.evidence.history import History, histories
from tests.evidence.says import SAYS
from tests.support.properties import for_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidence.model.perspective import Perspective
    from evidence.wire import DiagnosisJson

SIDES = st.sampled_from(PERSPECTIVES)


def diagnosis(story: build.Story, perspective: Perspective) -> DiagnosisJson:
    found = evidence_of(story.spans, story.logs, trace_id=build.TRACE_ID, perspective=perspective)
    return found["diagnosis"]


def messages(part: Any) -> Iterator[dict[str, Any]]:
    """A message, and those that stand within it."""
    yield part
    for value in part["params"].values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                yield from messages(each)


def statements(found: DiagnosisJson) -> list[dict[str, Any]]:
    return [each for part in (found, *found["sentences"]) for each in messages(part)]


def contradictions(found: DiagnosisJson) -> list[tuple[str, str, str]]:
    """Questions to which two sentences give different answers."""
    answers: dict[str, tuple[str, str]] = {}
    twice = []
    for code in (each["code"] for each in statements(found)):
        for question, answer in SAYS.get(code, {}).items():
            first, by = answers.setdefault(question, (answer, code))
            if first != answer:
                twice.append((question, by, code))
    return twice


@for_all(histories(), SIDES, examples=100)
def test_every_sentence_is_true_of_what_happened_and_open_only_where_the_records_leave_it_so(
    history: History, perspective: Perspective
) -> None:
    view = View(history, perspective)
    found = diagnosis(history.story, perspective)
    for each in statements(found):
        if not each["code"].startswith(NO_CLAIM):
            assert CLAIMS[each["code"]](view, each["params"]), each
    assert contradictions(found) == []
    assert all(each["proofs"] for each in found["sentences"] if each["kind"] == "certain")


@for_all(histories(), SIDES, st.integers(0, 2**32), examples=100)
def test_whatever_records_are_missing_no_sentence_contradicts_another(
    history: History, perspective: Perspective, seed: int
) -> None:
    story, random = history.story, Random(seed)  # noqa: S311 # which records are missing
    kept = build.Story(
        [span for span in story.spans if random.random() > 0.2],
        [log for log in story.logs if random.random() > 0.2],
    )
    assert contradictions(diagnosis(kept, perspective)) == []


@for_all(histories(), SIDES, st.randoms(use_true_random=False), examples=60)
def test_whatever_records_contradict_each_other_no_sentence_does(
    history: History, perspective: Perspective, random: Random
) -> None:
    found = diagnosis(contradicting(history.story, random), perspective)
    assert contradictions(found) == []
    assert all(each["proofs"] for each in found["sentences"] if each["kind"] == "certain")


@for_all(histories(), SIDES, st.sampled_from([-400, -40, 40, 400]), examples=60)
def test_whatever_a_clock_says_no_sentence_contradicts_another(
    history: History, perspective: Perspective, skew_ms: int
) -> None:
    story = history.story
    moved = evidence_of(
        *build.with_clock(story, "worker", skew_ms),
        trace_id=build.TRACE_ID,
        perspective=perspective,
    )
    assert contradictions(moved["diagnosis"]) == []


def job_times_out(fate: str) -> build.Story:
    """The API's call gets no answer, for one of the reasons that look the same to it."""
    story = build.Story()
    order = build.placed(story, until=811)
    client = build.deliver(story, order.place, start=6, end=807, error="read_timeout")
    if fate == "lost request":
        return story
    if fate == "crashed worker":
        build.work(story, client, start=8, end=None, state="abandoned")
        return story
    ends = 5_000 if fate == "slow worker" else 37
    server = build.work(story, client, start=8, end=ends, reserve_at=ends - 10)
    build.call_back(story, server, start=ends - 8, end=ends - 4, error="connect_refused")
    return story


@pytest.mark.parametrize("fate", ["lost answer", "slow worker", "crashed worker"])
def test_what_is_said_to_look_the_same_to_the_api_does(fate: str) -> None:
    assert diagnosis(job_times_out(fate), "api") == diagnosis(job_times_out("lost request"), "api")
    assert diagnosis(job_times_out(fate), "all") != diagnosis(job_times_out("lost request"), "all")


def test_every_claim_is_of_a_text_that_there_is() -> None:
    assert sorted({*CLAIMS, *SAYS} - TEXTS.keys()) == []


def test_every_text_has_a_claim_to_be_held_to() -> None:
    assert [code for code in TEXTS if not code.startswith((*NO_CLAIM, *NOT_TOLD))] == [
        code for code in TEXTS if code in CLAIMS and not code.startswith((*NO_CLAIM, *NOT_TOLD))
    ]
