"""Experiments against a running lab: from the page's API, and the files as they are by `chaos`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from experiments import files
from tests.support.processes import ROOT
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.flow, pytest.mark.timeout(120)]

CONFLICT, NOT_FOUND, CREATED, ACCEPTED = 409, 404, 201, 202


def start(lab: LabProcesses, name: str) -> str:
    answer = lab.session.post(f"{lab.observer_url}/api/experiments/{name}/runs", timeout=10)
    assert answer.status_code == CREATED, answer.text
    run_id: str = answer.json()["runId"]
    return run_id


def ended(lab: LabProcesses, run_id: str) -> dict[str, Any]:
    def state() -> dict[str, Any] | None:
        found = lab.get(f"/api/runs/{run_id}")
        return found if found["status"] != "running" else None

    return eventually(state, seconds=60)


@pytest.mark.parametrize("name", [each.name for each in files.listed()])
def test_an_experiment_shows_what_was_expected(lab: LabProcesses, name: str) -> None:
    run = ended(lab, start(lab, name))
    assert [each for each in run["observed"] if not each["ok"]] == []
    assert run["status"] == "passed", run["steps"]
    assert run["observed"]
    assert lab.get("/api/faults")["faults"] == []
    journal = lab.get(f"/api/runs/{run['runId']}/journal.json")
    assert journal["status"] == "completed"
    assert lab.get("/api/runs")["runs"][0]["runId"] == run["runId"]


def test_a_stopped_run_heals_what_it_broke(lab: LabProcesses) -> None:
    run_id = start(lab, "c-slow-worker")
    eventually(lambda: lab.get("/api/faults")["faults"], seconds=20)
    again = lab.session.post(f"{lab.observer_url}/api/experiments/c-slow-worker/runs", timeout=10)
    assert again.status_code == CONFLICT
    stop = f"{lab.observer_url}/api/runs/{run_id}/stop"
    assert lab.session.post(stop, timeout=10).status_code == ACCEPTED
    assert ended(lab, run_id)["status"] == "aborted"
    assert lab.get("/api/faults")["faults"] == []
    assert lab.session.post(stop, timeout=10).status_code == CONFLICT


def test_an_unknown_experiment_or_run_is_not_found(lab: LabProcesses) -> None:
    post = lab.session.post(f"{lab.observer_url}/api/experiments/..%2fx/runs", timeout=10)
    assert post.status_code == NOT_FOUND
    for path in ("/api/runs/nope", "/api/runs/20260101T000000000-0000/journal.json"):
        assert lab.session.get(lab.observer_url + path, timeout=10).status_code == NOT_FOUND


def test_an_experiment_does_not_begin_where_the_steady_state_does_not_hold(
    lab: LabProcesses,
) -> None:
    fault = lab.set_fault("worker-to-api", "cut")
    run = ended(lab, start(lab, "a-api-to-worker-cut"))
    assert run["status"] == "aborted"
    assert run["observed"] == []
    # What somebody else set is not the experiment's to heal.
    assert [each["id"] for each in lab.get("/api/faults")["faults"]] == [fault["id"]]


@pytest.mark.parametrize("name", ["a-api-to-worker-cut", "b-callback-cut"])
def test_the_stock_command_runs_a_file_as_it_is(
    lab: LabProcesses, name: str, tmp_path: Path
) -> None:
    chaos = shutil.which("chaos", path=str(Path(sys.executable).parent))
    assert chaos is not None
    journal = tmp_path / "journal.json"
    done = subprocess.run(
        [
            chaos,
            "--no-version-check",
            "--no-log-file",
            "run",
            f"--journal-path={journal}",
            f"experiments/{name}.yaml",
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "LAB_OBSERVER_URL": lab.observer_url,
            "LAB_CLIENT_URL": lab.client_url,
            "LAB_API_URL": lab.api_url,
            "LAB_WORKER_URL": lab.worker_url,
            "HOME": str(tmp_path),
            # Where Chaos Toolkit looks for the modules that a file names.
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(journal.read_text())
    assert (told["status"], told["deviated"]) == ("completed", False)
    observed = [run["output"] for run in told["run"] if run["activity"]["type"] == "probe"]
    assert observed
    assert all(each["ok"] for each in observed)
