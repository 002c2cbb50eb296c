"""``/api/lesson``: predictions compared, quiz answers proved, the mystery begun and judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from base.errors import LabError
from lesson import mystery, predictions, quiz
from lesson.account import find_account
from lesson.game import GAME, LAB, NoMysteryError, NoOrderError, NotReadyError
from service import lab_errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

_MAX_BODY_BYTES = 4_096

_STATUSES: dict[type[Exception], int] = {
    predictions.BadPredictionError: 400,
    quiz.BadAnswerError: 400,
    mystery.BadSeedError: 400,
    mystery.BadNamesError: 400,
    NotReadyError: 409,
    NoMysteryError: 409,
    NoOrderError: 409,
}


class _BadBodyError(Exception):
    """The body is no JSON object, or one that is too long."""


def _answered(view: Callable[[], dict[str, Any]], status: int = 200) -> HttpResponse:
    """Answer what ``view`` returns, or its refusal."""
    try:
        return JsonResponse(view(), status=status)
    except _BadBodyError as error:
        return _refusal(str(error), 400)
    except LabError as error:
        return _refusal(lab_errors.sentence(error), 502)
    except tuple(_STATUSES) as error:
        return _refusal(str(error), _STATUSES[type(error)])


@require_POST
def results(request: HttpRequest, name: str) -> HttpResponse:
    """``POST /api/lesson/exercises/{name}/results`` ``{orderId, predictions}``."""
    try:
        exercise = predictions.find(name)
    except predictions.UnknownExerciseError:
        return _refusal("not found", 404)
    return _judged(
        request,
        lambda account, body: predictions.compare(exercise, body.get("predictions", {}), account),
    )


@require_POST
def proof(request: HttpRequest, name: str) -> HttpResponse:
    """``POST /api/lesson/quiz/{name}/proof`` ``{orderId, answer}``."""
    try:
        question = quiz.find(name)
    except quiz.UnknownQuestionError:
        return _refusal("not found", 404)
    return _judged(request, lambda account, body: quiz.prove(question, body.get("answer"), account))


@require_http_methods(["GET", "POST"])
def the_mystery(request: HttpRequest) -> HttpResponse:
    """``GET /api/lesson/mystery``; ``POST`` ``{seed, prepare?}`` begins one."""
    if request.method == "GET":
        return _answered(GAME.state)

    def begun() -> dict[str, Any]:
        body = _body(request)
        return GAME.begin(mystery.read_seed(body.get("seed")), prepare=body.get("prepare") is True)

    return _answered(begun, status=201)


@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """``POST /api/lesson/mystery/answer`` ``{suspects}``: judged, healed, revealed."""
    return _answered(lambda: GAME.answer(_body(request).get("suspects")))


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """``POST /api/lesson/mystery/leave`` ``{id}``: heals it, if it is still on."""
    return _answered(lambda: {"left": GAME.leave(str(_body(request).get("id", "")))})


def _judged(
    request: HttpRequest, judge: Callable[[Any, dict[str, Any]], dict[str, Any]]
) -> HttpResponse:
    try:
        body = _body(request)
        order_id = body.get("orderId")
        if not isinstance(order_id, str) or not order_id:
            raise _BadBodyError("orderId must be given")  # noqa: TRY301 (answered as any other)
        found = find_account(LAB, order_id)
    except _BadBodyError as error:
        return _refusal(str(error), 400)
    except LabError as error:
        return _refusal(lab_errors.sentence(error), 502)
    if found is None:
        return _refusal(_("no record of this order is stored"), 404)
    account, trace_id = found
    order = {"orderId": order_id, "traceId": trace_id}
    return _answered(lambda: {**order, **judge(account, body)})


def _body(request: HttpRequest) -> dict[str, Any]:
    if len(request.body) > _MAX_BODY_BYTES:
        raise _BadBodyError(f"the body is over {_MAX_BODY_BYTES} bytes")
    try:
        read = orjson.loads(request.body or b"{}")
    except ValueError:
        raise _BadBodyError("the body is not JSON") from None
    if not isinstance(read, dict):
        raise _BadBodyError("the body must be a JSON object")
    return read


def _refusal(text: str, status: int) -> HttpResponse:
    return JsonResponse({"error": text}, status=status)
