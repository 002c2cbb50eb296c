"""Under random faults, crashes included: nothing is lost with the defences, and much without."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.processes import ROOT, LabProcesses

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def soaked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabProcesses]:
    """A lab of its own: its stock and its orders are judged as a whole."""
    with LabProcesses(tmp_path_factory.mktemp("soak")) as lab:
        yield lab


def soak(lab: LabProcesses, *arguments: str) -> tuple[int, dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "manage.py", "soak", *arguments],
        cwd=ROOT,
        env=lab.environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    kept: Path = max((lab.directory / "var" / "experiments").glob("soak-*"))
    verdict: dict[str, Any] = json.loads((kept / "verdict.json").read_text(encoding="utf-8"))
    return done.returncode, verdict


def counts(verdict: dict[str, Any]) -> dict[str, int]:
    return {kind: each["count"] for kind, each in verdict["anomalies"].items() if each["count"]}


def test_with_the_defences_nothing_is_lost_doubled_or_stuck(soaked: LabProcesses) -> None:
    code, verdict = soak(soaked, "--orders", "2000", "--seed", "2")
    assert counts(verdict) == {}
    assert verdict["stockNotConserved"] == []
    assert code == 0
    # How many are acknowledged depends on how fast the machine is between the faults.
    assert verdict["outcomes"]["ok"] > 200


def test_without_them_the_losses_are_found_and_named(soaked: LabProcesses) -> None:
    code, verdict = soak(soaked, "--orders", "600", "--seed", "3", "--defences", "none")
    assert code == 1
    assert counts(verdict)["stuck"] > 0
    named = verdict["anomalies"]["stuck"]["first"][0]
    assert soaked.order(named["orderId"])["status"] == "PENDING"


def test_an_unknown_defence_is_refused(soaked: LabProcesses) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "soak", "--defences", "moon"],
        cwd=ROOT,
        env=soaked.environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode != 0
    assert "unknown defences: moon" in done.stderr
