"""Experiments against a running lab, by the page's API: run, follow, stop, fetch what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.long import long
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


@pytest.mark.parametrize(
    "name",
    [
        "duplicate-with-idempotency",
        long("a-api-to-worker-cut-in-code"),
        long("response-lost"),
    ],
)
def test_an_experiment_shows_what_was_expected(lab: LabProcesses, name: str) -> None:
    run = ended(lab, start(lab, name))
    assert [each for each in run["observed"] if not each["ok"]] == []
    assert run["status"] == "passed", run["steps"]
    assert run["observed"]
    assert lab.get("/api/faults")["faults"] == []
    journal = lab.get(f"/api/runs/{run['runId']}/journal.json")
    assert journal["status"] == "completed"
    newest = lab.get("/api/runs")["runs"][0]
    assert (newest["runId"], newest["files"]) == (run["runId"], ["report", "journal"])


@pytest.mark.long
def test_a_run_leaves_its_files_and_a_report_that_needs_nothing_else(lab: LabProcesses) -> None:
    run_id = ended(lab, start(lab, "look-alike-cut"))["runId"]
    kept = lab.directory / "var" / "experiments" / "look-alike-cut"
    assert (kept / "latest").resolve() == (kept / run_id).resolve()
    url = f"{lab.observer_url}/api/runs/{run_id}"
    report = lab.session.get(f"{url}/report", timeout=10)
    assert report.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in report.headers["Content-Security-Policy"]
    assert report.text == (kept / run_id / "report.html").read_text(encoding="utf-8")
    for seen in ("as expected", "connect_refused", "2 anomalies", "PENDING: ", "⊘ refused"):
        assert seen in report.text, seen
    saved = lab.session.get(f"{url}/report?download", timeout=10).headers["Content-Disposition"]
    assert "attachment" in saved
    assert lab.get(f"/api/runs/{run_id}/journal")["status"] == "completed"


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


@pytest.mark.long
def test_an_experiment_does_not_begin_where_the_steady_state_does_not_hold(
    lab: LabProcesses,
) -> None:
    fault = lab.set_fault("worker-to-api", "cut")
    run = ended(lab, start(lab, "a-api-to-worker-cut"))
    assert run["status"] == "aborted"
    assert run["observed"] == []
    # What somebody else set is not the experiment's to heal.
    assert [each["id"] for each in lab.get("/api/faults")["faults"]] == [fault["id"]]
