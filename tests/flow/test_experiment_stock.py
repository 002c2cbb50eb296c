"""Every experiment's file, as it is, by Chaos Toolkit's own command."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from experiments import catalogue
from tests.support.lab.chaos import chaos_run
from tests.support.long import long_but

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.flow, pytest.mark.timeout(120)]

SHORT = ("a-api-to-worker-cut", "firewall-cut")


@pytest.mark.parametrize("name", long_but(SHORT, [each.name for each in catalogue.listed()]))
def test_the_stock_command_runs_a_file_as_it_is(
    lab: LabProcesses, name: str, tmp_path: Path
) -> None:
    reason = lab.get("/api/faults")["unavailable"].get("firewall")
    if name.startswith("firewall") and reason:
        pytest.skip(f"no firewall here: {reason}")
    if name.startswith("commit-answer-lost"):
        pytest.skip("no link to a database here: test_orders_on_postgresql.py has one")
    chaos = chaos_run(lab, name, directory=tmp_path)
    output, _ = chaos.communicate(timeout=90)
    assert chaos.returncode == 0, output
    journal = json.loads((tmp_path / "journal.json").read_text(encoding="utf-8"))
    assert (journal["status"], journal["deviated"]) == ("completed", False)
    assert [
        run["status"]
        for run in journal["run"] + journal["rollbacks"]
        if run["status"] != ("succeeded")
    ] == []
    observed = [run["output"] for run in journal["run"] if run["activity"]["type"] == "probe"]
    assert observed
    assert [each for each in observed if not each["ok"]] == []
    assert lab.get("/api/faults")["faults"] == []
    assert not any(each["on"] for each in lab.get("/api/defences")["defences"])


def test_without_the_privilege_the_firewall_is_left_alone_and_the_reason_told(
    lab: LabProcesses, tmp_path: Path
) -> None:
    reason = lab.get("/api/faults")["unavailable"].get("firewall")
    if not reason:
        pytest.skip("this lab may change the firewall")
    chaos = chaos_run(lab, "firewall-cut", directory=tmp_path)
    output, _ = chaos.communicate(timeout=90)
    assert f"the lab may not change the firewall: {reason}" in output
    journal = json.loads((tmp_path / "journal.json").read_text(encoding="utf-8"))
    assert journal["steady_states"]["before"]["steady_state_met"] is False
    assert journal["run"] == []
