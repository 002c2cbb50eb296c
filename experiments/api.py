"""Experiments over HTTP: list them, run one, follow it, fetch what it left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from experiments import files, words
from experiments.report.files import report_of
from experiments.run import new_run_id, new_state
from experiments.runs import RUNS, BusyError

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

# A report has its styles within itself, and neither needs nor gets anything else.
_REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)


@require_GET
def experiments(_request: HttpRequest) -> HttpResponse:
    """``GET /api/experiments``."""
    return JsonResponse(
        {"experiments": [words.experiment(each.as_json()) for each in files.listed()]}
    )


@require_POST
def start(_request: HttpRequest, name: str) -> HttpResponse:
    """``POST /api/experiments/{name}/runs``."""
    try:
        experiment = files.find(name)
    except files.UnknownExperimentError as error:
        return _refusal(str(error), 404)
    try:
        state = RUNS.start(new_state(experiment, run_id=new_run_id()), "run", experiment.name)
    except BusyError as error:
        return _refusal(words.own(str(error)), 409)
    return _started(words.run(state))


@require_GET
def runs(_request: HttpRequest) -> HttpResponse:
    """``GET /api/runs``: newest first."""
    return JsonResponse({"runs": [words.run(each) for each in RUNS.listed()]})


@require_GET
def run(_request: HttpRequest, run_id: str) -> HttpResponse:
    """``GET /api/runs/{runId}``."""
    state = RUNS.find(run_id)
    return _not_found() if state is None else JsonResponse(words.run(state))


@require_POST
def stop(_request: HttpRequest, run_id: str) -> HttpResponse:
    """``POST /api/runs/{runId}/stop``: its rollbacks are carried out all the same."""
    if RUNS.stop(run_id):
        return HttpResponse(status=202)
    return _refusal("this run does not go on", 409) if RUNS.find(run_id) else _not_found()


@require_GET
def artifact(_request: HttpRequest, run_id: str, name: str) -> HttpResponseBase:
    """``GET /api/runs/{runId}/journal``, ``/history`` and ``/gathered``, with ``.json`` or not."""
    path = RUNS.file(run_id, f"{name}.json")
    if path is None:
        return _not_found()
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{run_id}.{name}.json")


@require_GET
def report(request: HttpRequest, run_id: str) -> HttpResponse:
    """``GET /api/runs/{runId}/report``, in the reader's language; ``?download`` to save it."""
    path = RUNS.file(run_id, "report.html")
    if path is None:
        return _not_found()
    response = HttpResponse(report_of(path.parent), content_type="text/html; charset=utf-8")
    if "download" in request.GET:
        response.headers["Content-Disposition"] = f'attachment; filename="{run_id}.report.html"'
    response.headers["Content-Security-Policy"] = _REPORT_POLICY
    return response


def _started(state: dict[str, Any]) -> HttpResponse:
    response = JsonResponse(state, status=201)
    response.headers["Location"] = f"/api/runs/{state['runId']}"
    return response


def _not_found() -> HttpResponse:
    return _refusal("not found", 404)


def _refusal(text: str, status: int) -> HttpResponse:
    return JsonResponse({"error": text}, status=status)
