"""Experiments over HTTP: list them, run one, follow it, fetch what it left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from experiments import catalogue
from experiments.errors import (
    BusyError,
    RunEndedError,
    UnknownExperimentError,
    UnknownRunError,
    UnreadableExperimentError,
)
from experiments.matrix.report import matrix_page
from experiments.report.page import page
from experiments.report.record import read_json, read_record
from experiments.runs.processes import RUNS
from experiments.runs.run import new_run_id, new_state
from experiments.wording import experiment_json, refusal, run_json
from systems.current import SYSTEM

if TYPE_CHECKING:
    from pathlib import Path

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

# A report has its styles within itself, and neither needs nor gets anything else.
_REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)


@require_GET
def experiments(_request: HttpRequest) -> HttpResponse:
    """``GET /api/experiments``: what there is, and the ``folder`` of the system's own."""
    listed = [experiment_json(each.as_json()) for each in catalogue.listed()]
    return JsonResponse({"experiments": listed, "folder": str(catalogue.folder_of(SYSTEM))})


@require_POST
def start(_request: HttpRequest, name: str) -> HttpResponse:
    """``POST /api/experiments/{name}/runs``."""
    try:
        experiment = catalogue.find(name)
        state = RUNS.start(new_state(experiment, run_id=new_run_id()), "run", experiment.name)
    except (UnknownExperimentError, UnreadableExperimentError, BusyError) as error:
        return refusal(error)
    response = JsonResponse(run_json(state), status=201)
    response.headers["Location"] = f"/api/runs/{state['runId']}"
    return response


@require_GET
def runs(_request: HttpRequest) -> HttpResponse:
    """``GET /api/runs``: newest first."""
    return JsonResponse({"runs": [run_json(each) for each in RUNS.listed()]})


@require_GET
def run(_request: HttpRequest, run_id: str) -> HttpResponse:
    """``GET /api/runs/{runId}``."""
    state = RUNS.find(run_id)
    return refusal(UnknownRunError()) if state is None else JsonResponse(run_json(state))


@require_POST
def stop(_request: HttpRequest, run_id: str) -> HttpResponse:
    """``POST /api/runs/{runId}/stop``: its rollbacks are carried out all the same."""
    if RUNS.stop(run_id):
        return HttpResponse(status=202)
    return refusal(RunEndedError() if RUNS.find(run_id) else UnknownRunError())


@require_GET
def artifact(_request: HttpRequest, run_id: str, name: str) -> HttpResponseBase:
    """``GET /api/runs/{runId}/journal``, ``/history`` and ``/gathered``, with ``.json`` or not."""
    path = RUNS.file(run_id, f"{name}.json")
    if path is None:
        return refusal(UnknownRunError())
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{run_id}.{name}.json")


@require_GET
def report(request: HttpRequest, run_id: str) -> HttpResponse:
    """``GET /api/runs/{runId}/report``, in the reader's language; ``?download`` to save it."""
    path = RUNS.file(run_id, "report.html")
    if path is None:
        return refusal(UnknownRunError())
    response = HttpResponse(_rendered(path.parent), content_type="text/html; charset=utf-8")
    if "download" in request.GET:
        response.headers["Content-Disposition"] = f'attachment; filename="{run_id}.report.html"'
    response.headers["Content-Security-Policy"] = _REPORT_POLICY
    return response


def _rendered(directory: Path) -> str:
    """Return the report of the run in ``directory``, be it of an experiment or of the matrix."""
    run = read_json(directory / "run.json")
    return matrix_page(run) if "cells" in run else page([read_record(directory)])
