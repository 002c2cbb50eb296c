"""The matrix over HTTP: what was measured last, and starting another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from experiments.errors import BusyError, MatrixSpecError, NeedsOrdersError
from experiments.matrix.spec import COLUMNS, ROWS, MatrixSpec, check_whole, new_state
from experiments.matrix.wording import column_title, matrix_json, row_title
from experiments.runs.processes import RUNS
from experiments.runs.run import new_run_id
from experiments.wording import refusal
from service import answers
from service.errors import BodyTooLongError, RefusedError
from service.parsing import parse_object

if TYPE_CHECKING:
    from django.http import HttpRequest

_MAX_BODY_BYTES = 4_096
# The body's names, and the spec's.
_FIELDS = {"orders": "orders", "seed": "seed", "defences": "rows", "faults": "columns"}


@require_http_methods(["GET", "POST"])
def matrix(request: HttpRequest) -> HttpResponse:
    """``GET /api/matrix`` and ``POST /api/matrix`` ``{orders?, seed?, defences?, faults?}``."""
    if request.method == "GET":
        return _latest()
    try:
        if len(request.body) > _MAX_BODY_BYTES:
            raise BodyTooLongError(max_bytes=_MAX_BODY_BYTES)
        check_whole()
        return _start(_spec(parse_object(request.body or b"{}")))
    except RefusedError as error:
        return answers.refusal(error)
    except (MatrixSpecError, NeedsOrdersError, BusyError) as error:
        return refusal(error)


def _latest() -> HttpResponse:
    state = RUNS.latest("matrix")
    return JsonResponse(
        {
            "matrix": None if state is None else matrix_json(state),
            "defences": [{"name": name, "title": row_title(name)} for name in ROWS],
            "faults": [{"name": name, "title": column_title(name)} for name in COLUMNS],
        }
    )


def _start(spec: MatrixSpec) -> HttpResponse:
    state = new_state(spec, run_id=new_run_id())
    RUNS.start(
        state,
        "matrix",
        f"--orders={spec.orders}",
        f"--seed={spec.seed}",
        f"--defences={','.join(spec.rows)}",
        f"--faults={','.join(spec.columns)}",
    )
    response = JsonResponse(matrix_json(state), status=201)
    response.headers["Location"] = f"/api/runs/{state['runId']}"
    return response


def _spec(body: dict[str, Any]) -> MatrixSpec:
    """Read the body of a request.

    :raises MatrixSpecError: it is no matrix that can be run.
    """
    unknown = body.keys() - _FIELDS.keys()
    if unknown:
        raise MatrixSpecError("error.unknown_fields", names=", ".join(sorted(unknown)))
    for name in ("orders", "seed"):
        if type(body.get(name, 0)) is not int:
            raise MatrixSpecError("error.not_integer", name=name)
    for name in ("defences", "faults"):
        names = body.get(name, [])
        if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
            raise MatrixSpecError("error.not_names", name=name)
    return MatrixSpec(**{_FIELDS[name]: value for name, value in body.items()})
