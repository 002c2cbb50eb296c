"""``manage.py experiment run``: reports, what is skipped, and Ctrl-C in the middle of a run."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from tests.support.lab.chaos import chaos_run
from tests.support.lab.manage import start_manage
from tests.support.long import long
from tests.support.waiting import eventually

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.flow, pytest.mark.timeout(120)]


def command(lab: LabProcesses, *arguments: str) -> subprocess.Popen[str]:
    return start_manage(lab.environ, "experiment", *arguments)


def output_of(process: subprocess.Popen[str]) -> str:
    return process.communicate(timeout=60)[0]


def test_a_report_is_written_where_it_is_asked_for(lab: LabProcesses, tmp_path: Path) -> None:
    path = tmp_path / "out.html"
    running = command(lab, "run", "duplicate-without-idempotency", "--report", str(path))
    output = output_of(running)
    assert running.returncode == 0, output
    assert "✓ duplicate-without-idempotency: passed" in output
    assert "reserved_twice" in path.read_text(encoding="utf-8")


def test_a_report_that_can_not_be_written_is_said(lab: LabProcesses, tmp_path: Path) -> None:
    running = command(lab, "run", "a-api-to-worker-cut", "--report", str(tmp_path / "no" / "x"))
    assert "the report could not be written" in output_of(running)
    assert running.returncode != 0


@pytest.mark.parametrize("sent", ["SIGTERM", long("SIGINT"), long("SIGHUP")])
def test_a_signal_in_the_middle_of_a_run_leaves_no_fault(lab: LabProcesses, sent: str) -> None:
    running = command(lab, "run", "c-slow-worker")
    eventually(lambda: lab.get("/api/faults")["faults"], seconds=20)
    running.send_signal(getattr(signal, sent))
    # The later ones of a terminal that closes, or of somebody who is in a hurry.
    running.send_signal(getattr(signal, sent))
    eventually(lambda: lab.get("/api/faults")["faults"] == [], seconds=2)
    output = output_of(running)
    assert running.returncode == 1, output
    assert "c-slow-worker: aborted" in output
    assert lab.get("/api/faults")["faults"] == []


def test_ctrl_c_leaves_no_fault_of_the_stock_command_either(
    lab: LabProcesses, tmp_path: Path
) -> None:
    running = chaos_run(lab, "c-slow-worker", directory=tmp_path)
    eventually(lambda: lab.get("/api/faults")["faults"], seconds=20)
    running.send_signal(signal.SIGINT)
    output_of(running)
    assert lab.get("/api/faults")["faults"] == []


def test_the_firewall_is_skipped_with_the_reason(lab: LabProcesses) -> None:
    reason = lab.get("/api/faults")["unavailable"].get("firewall")
    if not reason:
        pytest.skip("this lab may change the firewall")
    running = command(lab, "run", "firewall-cut")
    output = output_of(running)
    assert running.returncode == 0, output
    assert f"firewall-cut: skipped: the lab may not change the firewall: {reason}" in output
    run = lab.get("/api/runs")["runs"][0]
    assert (run["name"], run["status"]) == ("firewall-cut", "skipped")
    report = lab.session.get(f"{lab.observer_url}/api/runs/{run['runId']}/report", timeout=10)
    assert reason in report.text
