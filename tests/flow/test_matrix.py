"""The matrix against a running lab: real counts in each cell, and the lab as it was afterwards."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.lab.manage import start_manage
from tests.support.waiting import eventually

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.flow, pytest.mark.timeout(120)]

BAD_REQUEST, CONFLICT, CREATED, ACCEPTED = 400, 409, 201, 202


def command(lab: LabProcesses, *arguments: str) -> subprocess.Popen[str]:
    return start_manage(lab.environ, "experiment", "matrix", *arguments)


def defences(lab: LabProcesses) -> dict[str, bool]:
    return {each["name"]: each["on"] for each in lab.get("/api/defences")["defences"]}


def start(lab: LabProcesses, **requested: Any) -> Any:
    return lab.session.post(f"{lab.observer_url}/api/matrix", json=requested, timeout=10)


@pytest.mark.long
def test_the_command_measures_each_cell_and_leaves_the_lab_as_it_was(
    lab: LabProcesses, tmp_path: Path
) -> None:
    lab.session.patch(f"{lab.observer_url}/api/defences", json={"retry": True}, timeout=10)
    before = defences(lab)
    path = tmp_path / "matrix.html"
    chosen = ["--defences", "none,idempotent_jobs", "--faults", "none,jobs-twice"]
    running = command(lab, "--orders", "3", "--seed", "7", *chosen, "--report", str(path))
    output, _ = running.communicate(timeout=90)
    assert running.returncode == 0, output
    table = output.splitlines()[-4:-1]
    assert table[0].split() == ["no", "fault", "jobs", "delivered", "twice"]
    assert [row.split("✓")[0].strip() for row in table[1:]] == ["no defence", "idempotent jobs"]
    assert "✕ 3 twice" in table[1]
    assert table[2].count("✓ 3 of 3") == 2
    matrix = lab.get("/api/matrix")["matrix"]
    assert (matrix["status"], matrix["seed"], matrix["ordersEach"]) == ("completed", 7, 3)
    twice = matrix["cells"][1]
    assert (twice["anomalies"], twice["reservations"]) == ({"reserved_twice": 3}, 6)
    assert (twice["orders"], twice["acknowledged"], twice["unknown"]) == (3, 3, 0)
    assert lab.order(twice["offenders"]["reserved_twice"][0])["status"] == "CONFIRMED"
    assert "<b>✕</b> 3 twice" in path.read_text(encoding="utf-8")
    assert lab.get("/api/faults")["faults"] == []
    assert defences(lab) == before
    lab.session.patch(f"{lab.observer_url}/api/defences", json={"retry": False}, timeout=10)


@pytest.mark.long
def test_ctrl_c_keeps_what_was_measured_and_heals(lab: LabProcesses) -> None:
    before = defences(lab)
    running = command(lab, "--orders", "2", "--defences", "outbox", "--faults", "none,worker-slow")
    eventually(lambda: lab.get("/api/faults")["faults"], seconds=40)
    running.send_signal(signal.SIGINT)
    output, _ = running.communicate(timeout=60)
    assert running.returncode == 1, output
    assert lab.get("/api/faults")["faults"] == []
    assert defences(lab) == before
    matrix = lab.get("/api/matrix")["matrix"]
    assert matrix["status"] == "aborted"
    assert [each["column"] for each in matrix["cells"]] == ["none"]


def test_it_does_not_start_among_the_faults_of_others(lab: LabProcesses) -> None:
    fault = lab.set_fault("worker-to-api", "slow", ms=1)
    running = command(lab, "--orders", "1")
    output, _ = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "1 faults are in force: heal them first" in output
    assert [each["id"] for each in lab.get("/api/faults")["faults"]] == [fault["id"]]


def test_it_is_started_and_stopped_over_http(lab: LabProcesses) -> None:
    answer = start(lab, orders=1, seed=3, defences=["retry"], faults=["jobs-lost"])
    assert answer.status_code == CREATED
    run_id = answer.json()["runId"]
    assert answer.json()["columns"] == [
        {
            "name": "jobs-lost",
            "title": "jobs lost",
            "fault": {"target": "api-to-worker", "kind": "request_lost"},
        }
    ]
    assert start(lab).status_code == CONFLICT
    eventually(lambda: lab.get("/api/faults")["faults"], seconds=20)
    stop = lab.session.post(f"{lab.observer_url}/api/runs/{run_id}/stop", timeout=10)
    assert stop.status_code == ACCEPTED
    eventually(lambda: lab.get("/api/matrix")["matrix"]["status"] == "aborted", seconds=40)
    assert lab.get("/api/faults")["faults"] == []


@pytest.mark.parametrize(
    "requested",
    [
        {"orders": 0},
        {"orders": 101},
        {"orders": "6"},
        {"seed": 1.5},
        {"defences": ["moon"]},
        {"faults": []},
        {"faults": "none"},
        {"speed": 3},
    ],
    ids=str,
)
def test_what_can_not_be_measured_is_refused(lab: LabProcesses, requested: dict[str, Any]) -> None:
    refused = start(lab, **requested)
    assert refused.status_code == BAD_REQUEST
    assert next(iter(requested)) in refused.json()["error"]
    assert not lab.get("/api/faults")["faults"]
