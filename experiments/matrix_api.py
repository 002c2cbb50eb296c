"""The matrix over HTTP: what was measured last, and starting another."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from experiments import matrix_words
from experiments.matrix import COLUMNS, ROWS, Wanted, new_state
from experiments.run import new_run_id
from experiments.runs import RUNS, BusyError
from experiments.words import own

if TYPE_CHECKING:
    from django.http import HttpRequest

_MAX_BODY_BYTES = 4_096


@require_http_methods(["GET", "POST"])
def matrix(request: HttpRequest) -> HttpResponse:
    """``GET /api/matrix`` and ``POST /api/matrix`` ``{orders?, seed?, defences?, faults?}``."""
    if request.method == "GET":
        state = RUNS.latest("matrix")
        return JsonResponse(
            {
                "matrix": None if state is None else matrix_words.described(state),
                "defences": [
                    {"name": name, "title": matrix_words.row_title(name)} for name in ROWS
                ],
                "faults": [
                    {"name": name, "title": matrix_words.column_title(name)} for name in COLUMNS
                ],
            }
        )
    if len(request.body) > _MAX_BODY_BYTES:
        return _refusal(f"the body is over {_MAX_BODY_BYTES} bytes", 413)
    try:
        wanted = _wanted(json.loads(request.body or b"{}"))
    except json.JSONDecodeError:
        return _refusal("the body is not JSON", 400)
    except ValueError as error:
        return _refusal(str(error), 400)
    return _start(wanted)


def _start(wanted: Wanted) -> HttpResponse:
    state = new_state(wanted, run_id=new_run_id())
    try:
        RUNS.start(
            state,
            "matrix",
            f"--orders={wanted.orders}",
            f"--seed={wanted.seed}",
            f"--defences={','.join(wanted.rows)}",
            f"--faults={','.join(wanted.columns)}",
        )
    except BusyError as error:
        return _refusal(own(str(error)), 409)
    response = JsonResponse(matrix_words.described(state), status=201)
    response.headers["Location"] = f"/api/runs/{state['runId']}"
    return response


def _wanted(given: Any) -> Wanted:
    """Read what is asked for.

    :raises ValueError: it can't be run; the text says why.
    """
    if not isinstance(given, dict):
        raise ValueError("the body must be a JSON object")  # noqa: TRY004 (a bad value of a client)
    unknown = given.keys() - {"orders", "seed", "defences", "faults"}
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    wanted = Wanted()
    for name in ("orders", "seed"):
        if type(given.get(name, 0)) is not int:
            raise ValueError(f"{name} must be a whole number")
    for name in ("defences", "faults"):
        names = given.get(name, [])
        if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
            raise ValueError(f"{name} must be a list of names")
    wanted.orders = given.get("orders", wanted.orders)
    wanted.seed = given.get("seed", wanted.seed)
    wanted.rows = given.get("defences", wanted.rows)
    wanted.columns = given.get("faults", wanted.columns)
    wanted.check()
    return wanted


def _refusal(text: str, status: int) -> HttpResponse:
    return JsonResponse({"error": text}, status=status)
