"""The experiments' API refuses in the reader's language, with the status of each error."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from experiments.errors import BusyError
from experiments.runs.processes import RUNS

if TYPE_CHECKING:
    from pathlib import Path

    from django.conf import LazySettings

UNKNOWN_RUN = "/api/runs/20260101T000000000-0009"


@pytest.fixture(autouse=True)
def no_runs(tmp_path: Path, settings: LazySettings) -> None:
    settings.LAB_VAR_DIR = tmp_path


def call(method: str, path: str, body: Any = None, language: str = "en") -> tuple[int, Any]:
    client = Client(headers={"host": "localhost", "accept-language": language})
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = client.generic(method, path, data, content_type="application/json")
    return answer.status_code, json.loads(answer.content)


def test_every_experiment_is_listed_in_the_readers_language() -> None:
    status, listed = call("GET", "/api/experiments", language="ja")
    titles = {each["name"]: each["title"] for each in listed["experiments"]}
    assert (status, titles["c-slow-worker"]) == (200, "C：workerが遅い")


def test_an_unknown_experiment_can_not_be_started() -> None:
    path = "/api/experiments/moon/runs"
    assert call("POST", path) == (404, {"error": "there is no experiment “moon”"})
    assert call("POST", path, language="ja") == (404, {"error": "「moon」という実験はありません"})


@pytest.mark.parametrize("path", ["", "/report", "/journal", "/history.json", "/gathered"])
def test_an_unknown_run_is_not_found(path: str) -> None:
    assert call("GET", UNKNOWN_RUN + path) == (404, {"error": "not found"})


def test_a_run_that_is_not_there_or_has_ended_can_not_be_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert call("POST", f"{UNKNOWN_RUN}/stop") == (404, {"error": "not found"})
    monkeypatch.setattr(RUNS, "find", lambda _run_id: {"status": "passed"})
    assert call("POST", f"{UNKNOWN_RUN}/stop") == (409, {"error": "this run has ended already"})


@pytest.mark.parametrize("path", ["/api/experiments/c-slow-worker/runs", "/api/matrix"])
def test_only_one_run_goes_on_at_a_time(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    def busy(*_args: object) -> None:
        raise BusyError

    monkeypatch.setattr(RUNS, "start", busy)
    error = "another experiment is running: stop it, or wait for its end"
    assert call("POST", path, {}) == (409, {"error": error})


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"orders": 0}, 400, "orders must be from 1 to 100"),
        ({"orders": "6"}, 400, "orders must be an integer"),
        ({"seed": True}, 400, "seed must be an integer"),
        ({"faults": "none"}, 400, "faults must be a list of names"),
        ({"defences": [1]}, 400, "defences must be a list of names"),
        ({"speed": 3}, 400, "unknown: speed"),
        ([], 400, "the body must be a JSON object"),
        (b"{", 400, "the body is not JSON"),
        (b" " * 4_097, 413, "the body is over 4096 bytes"),
    ],
    ids=lambda each: str(each)[:12],
)
def test_a_matrix_that_can_not_be_run_is_refused(body: Any, status: int, error: str) -> None:
    got, answer = call("POST", "/api/matrix", body)
    assert got == status
    assert answer["error"].startswith(error)


def test_without_a_run_there_is_no_matrix_yet() -> None:
    status, answer = call("GET", "/api/matrix", language="ja")
    assert (status, answer["matrix"]) == (200, None)
    assert answer["defences"][0] == {"name": "none", "title": "防御なし"}
    assert answer["faults"][0] == {"name": "none", "title": "障害なし"}
