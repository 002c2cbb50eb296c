"""An answer is judged, and the right one is proved by records or said not to be."""

from __future__ import annotations

import pytest

from experiments import catalogue
from lesson import quiz
from tests.lesson.story import CALLBACK_CUT, NOTHING, SLOW


def test_every_question_has_its_right_answer_among_the_choices_and_an_experiment() -> None:
    assert len(quiz.QUESTIONS) == 3
    for question in quiz.QUESTIONS:
        assert question.right in [value for value, _title in question.choices]
        assert catalogue.find(question.experiment).name == question.experiment


def test_the_answer_is_not_told_with_the_question() -> None:
    for question in quiz.QUESTIONS:
        assert "right" not in quiz.as_json(question)
        assert str(question.why) not in str(quiz.as_json(question))


@pytest.mark.parametrize(("answer", "right"), [("callback", True), ("job", False)])
def test_the_records_prove_which_partition_leaves_an_order_pending(
    answer: str, right: bool
) -> None:
    body = quiz.prove(quiz.find("pending"), answer, CALLBACK_CUT)
    assert (body["right"], body["rightAnswer"], body["proved"]) == (right, "callback", True)
    assert [each["seen"] for each in body["proof"]] == ["delivered", "reserved", "PENDING"]


def test_a_slow_worker_proves_what_the_api_misjudges() -> None:
    assert quiz.prove(quiz.find("slow"), "failed", SLOW)["proved"]


def test_a_run_that_shows_something_else_proves_nothing() -> None:
    body = quiz.prove(quiz.find("slow"), "failed", NOTHING)
    assert (body["right"], body["proved"]) == (True, False)


@pytest.mark.parametrize("answer", ["other", None, ["failed"]])
def test_what_is_no_choice_is_refused(answer: object) -> None:
    with pytest.raises(quiz.BadAnswerError):
        quiz.prove(quiz.find("slow"), answer, SLOW)


def test_an_unknown_question_is_refused() -> None:
    with pytest.raises(quiz.UnknownQuestionError):
        quiz.find("weather")
