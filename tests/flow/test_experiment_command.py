"""``manage.py experiment run``: reports, what is skipped, and Ctrl-C in the middle of a run."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.chaos import chaos_run
from tests.support.processes import ROOT
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.flow, pytest.mark.timeout(120)]


def command(lab: LabProcesses, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "experiment", *arguments],
        cwd=ROOT,
        env=lab.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def said(process: subprocess.Popen[str]) -> str:
    return process.communicate(timeout=60)[0]


def test_a_report_is_written_where_it_is_asked_for(lab: LabProcesses, tmp_path: Path) -> None:
    path = tmp_path / "out.html"
    running = command(lab, "run", "duplicate-without-idempotency", "--report", str(path))
    told = said(running)
    assert running.returncode == 0, told
    assert "✓ duplicate-without-idempotency: passed" in told
    assert "reserved_twice" in path.read_text(encoding="utf-8")


def test_a_report_that_can_not_be_written_is_said(lab: LabProcesses, tmp_path: Path) -> None:
    running = command(lab, "run", "a-api-to-worker-cut", "--report", str(tmp_path / "no" / "x"))
    assert "the report could not be written" in said(running)
    assert running.returncode != 0


def test_ctrl_c_in_the_middle_of_a_run_leaves_no_fault(lab: LabProcesses) -> None:
    running = command(lab, "run", "c-slow-worker")
    eventually(lambda: lab.get("/api/faults")["faults"], seconds=20)
    running.send_signal(signal.SIGINT)
    told = said(running)
    assert running.returncode == 1, told
    assert "c-slow-worker: aborted" in told
    assert lab.get("/api/faults")["faults"] == []


def test_ctrl_c_leaves_no_fault_of_the_stock_command_either(
    lab: LabProcesses, tmp_path: Path
) -> None:
    running = chaos_run(lab, "c-slow-worker", directory=tmp_path)
    eventually(lambda: lab.get("/api/faults")["faults"], seconds=20)
    running.send_signal(signal.SIGINT)
    said(running)
    assert lab.get("/api/faults")["faults"] == []


def test_the_firewall_is_skipped_with_the_reason(lab: LabProcesses) -> None:
    reason = lab.get("/api/faults")["unavailable"].get("firewall")
    if not reason:
        pytest.skip("this lab may change the firewall")
    running = command(lab, "run", "firewall-cut")
    told = said(running)
    assert running.returncode == 0, told
    assert f"firewall-cut: skipped: the lab may not change the firewall: {reason}" in told
    run = lab.get("/api/runs")["runs"][0]
    assert (run["name"], run["status"]) == ("firewall-cut", "skipped")
    report = lab.session.get(f"{lab.observer_url}/api/runs/{run['runId']}/report", timeout=10)
    assert reason in report.text
