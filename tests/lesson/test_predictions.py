"""A prediction is put beside what the records say, never beside what a text says."""

from __future__ import annotations

import pytest

from experiments import catalogue
from lesson import predictions
from lesson.predictions import BadPredictionError, UnknownExerciseError, compare, find
from tests.lesson.story import CALLBACK_CUT, NOTHING, SLOW, account, delivered, failed, moment


def test_every_exercise_runs_an_experiment_that_there_is() -> None:
    for exercise in predictions.EXERCISES:
        assert catalogue.find(exercise.experiment).name == exercise.experiment


def test_a_slow_worker_is_read_from_its_records() -> None:
    compared = compare(find("c"), {"confirmed": "never", "in_traces": "one"}, SLOW)
    assert [(each["question"], each["seen"], each["right"]) for each in compared["results"]] == [
        ("confirmed", "late", False),
        ("delivery", "read_timeout", False),
        ("in_traces", "one", True),
    ]
    assert (compared["right"], compared["of"]) == (1, 3)


def test_a_cut_callback_is_read_from_its_records() -> None:
    predicted = {"status": "PENDING", "stock": "reserved", "delivery": "delivered"}
    compared = compare(find("b"), predicted, CALLBACK_CUT)
    assert (compared["right"], compared["of"]) == (3, 3)


def test_the_same_exercise_tells_something_else_when_the_lab_did_something_else() -> None:
    compared = compare(find("b"), {}, SLOW)
    assert {each["question"]: each["seen"] for each in compared["results"]} == {
        "status": "CONFIRMED",
        "stock": "reserved",
        "delivery": "read_timeout",
    }


def test_what_no_record_tells_is_not_made_up() -> None:
    compared = compare(find("a"), {}, NOTHING)
    assert [each["seen"] for each in compared["results"]] == ["unknown", "nothing", "open"]


def test_a_delivery_that_was_tried_again_counts_by_its_last_line() -> None:
    assert account(logs=(failed("read_timeout"), delivered())).delivery == "delivered"


def test_confirmed_within_a_moment_is_at_once() -> None:
    quick = account(moment(0, "PENDING", "nothing"), moment(0.3, "CONFIRMED", "reserved"))
    assert (quick.confirmed, quick.status) == ("at_once", "CONFIRMED")


@pytest.mark.parametrize(
    "predicted", [[], "PENDING", {"weather": "PENDING"}, {"status": "MAYBE"}, {"status": None}]
)
def test_what_is_no_prediction_is_refused(predicted: object) -> None:
    with pytest.raises(BadPredictionError):
        compare(find("a"), predicted, NOTHING)


def test_an_unknown_exercise_is_refused() -> None:
    with pytest.raises(UnknownExerciseError):
        find("z")
