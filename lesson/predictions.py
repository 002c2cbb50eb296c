"""What a learner is asked before a run, and what the records answer afterwards. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrPromise

    from lesson.account import Account


class UnknownExerciseError(Exception):
    """There is no exercise of this name."""


class BadPredictionError(Exception):
    """A prediction names no question, or none of its choices; the text says which."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something to predict. ``name`` is the property of an `Account` that answers it."""

    name: str
    text: StrPromise
    choices: tuple[tuple[str, StrPromise | str], ...]

    def title(self, value: str) -> str:
        """The text of a choice; anything else is shown as it is."""
        return next((str(title) for known, title in self.choices if known == value), value)


@dataclass(frozen=True, slots=True)
class Exercise:
    """An experiment with its questions."""

    name: str
    experiment: str
    title: StrPromise
    setting: StrPromise
    questions: tuple[Question, ...]


_STATUS = Question(
    "status",
    _("What will the API say of the order in the end?"),
    (("PENDING", "PENDING"), ("CONFIRMED", "CONFIRMED"), ("REJECTED", "REJECTED")),
)
_STOCK = Question(
    "stock",
    _("Will the worker have reserved the stock?"),
    (("reserved", _("Yes, it reserves the stock")), ("nothing", _("No, it reserves nothing"))),
)
_LOG = Question(
    "delivery",
    _("What will the API's log say about handing the job to the worker?"),
    (
        ("delivered", "job delivered to worker"),
        ("connect_refused", "failed to deliver job … connect_refused"),
        ("read_timeout", "failed to deliver job … read_timeout"),
        ("http_5xx", "failed to deliver job … http_5xx"),
    ),
)
_WHEN = Question(
    "confirmed",
    _("When will the order become CONFIRMED?"),
    (
        ("at_once", _("At once, as always")),
        ("late", _("Seconds after the API has given up")),
        ("never", _("Never")),
    ),
)
_TRACE = Question(
    "in_traces",
    _("In which trace will the late part stand?"),
    (("one", _("In the same trace as the order")), ("several", _("In a trace of its own"))),
)

EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        "a",
        "a-api-to-worker-cut",
        _("A: the API cannot reach the worker"),
        _("The link from the API to the worker is cut. Then an order is placed."),
        (_STATUS, _STOCK, _LOG),
    ),
    Exercise(
        "b",
        "b-callback-cut",
        _("B: the worker cannot reach the API"),
        _("Jobs reach the worker, but the link for its callback is cut. Then an order is placed."),
        (_STATUS, _STOCK, _LOG),
    ),
    Exercise(
        "c",
        "c-slow-worker",
        _("C: the worker is slow"),
        _("No link is cut. The worker takes five seconds for a job; the API waits 800 ms."),
        (_WHEN, _LOG, _TRACE),
    ),
    Exercise(
        "paused",
        "paused-worker",
        _("The worker stands still"),
        _(
            "The worker's process is stopped in the middle of everything, as a long pause of a"
            " garbage collector or a sleeping laptop does it. An order is placed. Two seconds"
            " later the worker goes on."
        ),
        (_LOG, _STOCK, _STATUS),
    ),
    Exercise(
        "answer-lost",
        "response-lost",
        _("Only the answer is lost"),
        _("Jobs reach the worker. What the worker answers to them is lost on its way back."),
        (_LOG, _STOCK, _STATUS),
    ),
    Exercise(
        "silence",
        "request-lost",
        _("A link that swallows"),
        _("The connection opens, but what the API sends into it vanishes, as if dropped."),
        (_LOG, _STOCK, _STATUS),
    ),
)


def find(name: str) -> Exercise:
    """Return the exercise called ``name``.

    :raises UnknownExerciseError: there is none.
    """
    for exercise in EXERCISES:
        if exercise.name == name:
            return exercise
    raise UnknownExerciseError(name)


def as_json(exercise: Exercise) -> dict[str, Any]:
    """Describe an exercise for the page."""
    return {
        "name": exercise.name,
        "experiment": exercise.experiment,
        "title": str(exercise.title),
        "setting": str(exercise.setting),
        "questions": [
            {
                "name": question.name,
                "text": str(question.text),
                "choices": [
                    {"value": value, "title": str(title)} for value, title in question.choices
                ],
            }
            for question in exercise.questions
        ],
    }


def compare(exercise: Exercise, predicted: object, account: Account) -> dict[str, Any]:
    """Put each prediction beside what the records say.

    :raises BadPredictionError: something is predicted that was not asked, or is no choice.
    """
    given = _checked(exercise, predicted)
    results = []
    for question in exercise.questions:
        seen = str(getattr(account, question.name))
        guess = given.get(question.name)
        results.append(
            {
                "question": question.name,
                "text": str(question.text),
                "predicted": guess,
                "predictedTitle": None if guess is None else question.title(guess),
                "seen": seen,
                "seenTitle": question.title(seen),
                "right": guess == seen,
            }
        )
    return {
        "results": results,
        "right": sum(result["right"] for result in results),
        "of": len(results),
    }


def _checked(exercise: Exercise, predicted: object) -> Mapping[str, str]:
    if not isinstance(predicted, dict):
        raise BadPredictionError("predictions must be a JSON object")
    questions = {question.name: question for question in exercise.questions}
    for name, value in predicted.items():
        if name not in questions:
            raise BadPredictionError(f"{exercise.name} has no question {name!r}")
        choices = [known for known, _title in questions[name].choices]
        if value not in choices:
            raise BadPredictionError(f"{name} must be one of {', '.join(choices)}")
    return predicted
