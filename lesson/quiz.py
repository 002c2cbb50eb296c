"""Three questions: answered by choosing, and proved by a run. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from django_stubs_ext import StrPromise

    from lesson.account import Account


class UnknownQuestionError(Exception):
    """There is no question of this name."""


class BadAnswerError(Exception):
    """The answer is none of the choices."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that the run's records must show for the proof to hold."""

    text: StrPromise
    seen: Callable[[Account], str]
    expected: str


@dataclass(frozen=True, slots=True)
class QuizQuestion:
    """A question, its choices, and the experiment that proves which one is right."""

    name: str
    text: StrPromise
    choices: tuple[tuple[str, StrPromise], ...]
    right: str
    why: StrPromise
    experiment: str
    checks: tuple[Check, ...]


QUESTIONS: tuple[QuizQuestion, ...] = (
    QuizQuestion(
        "crash",
        _("How does a partition differ from a crash?"),
        (
            ("alive", _("Both sides go on working; only what they say does not get through.")),
            ("data", _("In a partition data is lost, in a crash it is not.")),
            ("timeout", _("A crash shows as a timeout, a partition as an error at once.")),
            ("same", _("Not at all: in both, the other side has stopped.")),
        ),
        "alive",
        _(
            "From the API's side it looks exactly like a crash: it asked, and nobody answered. But"
            " the worker's own records show a process that was well. It took the job, reserved the"
            " stock and even told the API so, while the API held it for gone."
        ),
        "response-lost",
        (
            Check(
                _("The API got no answer to its job, as from a crashed worker"),
                lambda account: account.delivery,
                "read_timeout",
            ),
            Check(
                _("The worker, meanwhile, did its work"), lambda account: account.stock, "reserved"
            ),
        ),
    ),
    QuizQuestion(
        "slow",
        _("What does the API misjudge when the worker is only slow?"),
        (
            ("order", _("It takes the order for confirmed before it is.")),
            ("failed", _("It takes the delivery for failed, though the job has arrived.")),
            ("twice", _("It takes one order for two.")),
            ("nothing", _("Nothing: a timeout proves that the worker did not get the job.")),
        ),
        "failed",
        _(
            "The API's log says “failed to deliver job to worker”. True is only that no answer came"
            " within 800 ms. The job had arrived, and seconds later the callback confirmed the"
            " order."
            " A timeout says how long you waited, and nothing about the other side."
        ),
        "c-slow-worker",
        (
            Check(
                _("The API's log calls the delivery failed"),
                lambda account: account.delivery,
                "read_timeout",
            ),
            Check(
                _("The order was confirmed all the same, seconds later"),
                lambda account: account.confirmed,
                "late",
            ),
        ),
    ),
    QuizQuestion(
        "pending",
        _("Which partition leaves an order PENDING though the work is done?"),
        (
            ("job", _("The one from the API to the worker: the job does not arrive.")),
            ("client", _("The one from the client to the API: the order does not arrive.")),
            ("callback", _("The one from the worker to the API: the callback does not arrive.")),
            ("none", _("None: work that is done is always known.")),
        ),
        "callback",
        _(
            "The job arrived and the stock is reserved, but the way back is cut. The API waits for"
            " an event that nobody will send again. Nothing on its side tells this order from one"
            " whose job is still being done."
        ),
        "b-callback-cut",
        (
            Check(
                _("The job was handed over without a fault"),
                lambda account: account.delivery,
                "delivered",
            ),
            Check(_("The worker reserved the stock"), lambda account: account.stock, "reserved"),
            Check(
                _("The API still believes that the order waits"),
                lambda account: account.status,
                "PENDING",
            ),
        ),
    ),
)


def find(name: str) -> QuizQuestion:
    """Return the question called ``name``.

    :raises UnknownQuestionError: there is none.
    """
    for question in QUESTIONS:
        if question.name == name:
            return question
    raise UnknownQuestionError(name)


def as_json(question: QuizQuestion) -> dict[str, Any]:
    """Describe a question for the page, without its answer."""
    return {
        "name": question.name,
        "text": str(question.text),
        "experiment": question.experiment,
        "choices": [{"value": value, "title": str(title)} for value, title in question.choices],
    }


def prove(question: QuizQuestion, answer: object, account: Account) -> dict[str, Any]:
    """Judge an answer, and say whether the run's records prove the right one.

    :raises BadAnswerError: it is none of the choices.
    """
    known = [value for value, _title in question.choices]
    if answer not in known:
        raise BadAnswerError(f"answer must be one of {', '.join(known)}")
    proof = [
        {
            "text": str(check.text),
            "seen": (seen := check.seen(account)),
            "seenTitle": _title(seen),
            "ok": seen == check.expected,
        }
        for check in question.checks
    ]
    return {
        "answer": answer,
        "rightAnswer": question.right,
        "right": answer == question.right,
        "why": str(question.why),
        "proof": proof,
        "proved": all(each["ok"] for each in proof),
    }


def _title(seen: str) -> str:
    return {
        "reserved": gettext("reserved"),
        "nothing": gettext("nothing reserved"),
        "at_once": gettext("confirmed at once"),
        "late": gettext("confirmed late"),
        "never": gettext("never confirmed"),
    }.get(seen, seen)
