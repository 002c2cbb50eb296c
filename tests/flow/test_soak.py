"""Under random faults, crashes included: nothing is lost with the defences, and much without."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from experiments.checker.killing import NotBackError
from experiments.checker.soak import Soak
from tests.support.lab.manage import manage
from tests.support.long import long
from tests.support.processes import LabProcesses

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]


def soak(lab: LabProcesses, *arguments: str) -> tuple[int, dict[str, Any], Path]:
    done = manage(lab.environ, "soak", *arguments, seconds=280)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    kept: Path = max((lab.directory / "var" / "experiments").glob("soak-*"))
    verdict: dict[str, Any] = json.loads((kept / "verdict.json").read_text(encoding="utf-8"))
    return done.returncode, verdict, kept


def counts(verdict: dict[str, Any]) -> dict[str, int]:
    return {kind: each["count"] for kind, each in verdict["anomalies"].items() if each["count"]}


@pytest.mark.parametrize(("orders", "acknowledged"), [long(40, 5), long(2_000, 100)])
def test_with_the_defences_nothing_is_lost_and_without_them_the_losses_are_named(
    tmp_path: Path, orders: int, acknowledged: int
) -> None:
    # A lab of its own: its stock and its orders are judged as a whole.
    with LabProcesses(tmp_path) as lab:
        code, verdict, _ = soak(lab, "--orders", str(orders), "--seed", "2")
        assert counts(verdict) == {}
        assert verdict["stockNotConserved"] == []
        assert code == 0
        # How many are acknowledged depends on how fast the machine is between the faults.
        assert verdict["outcomes"]["ok"] > acknowledged
        undefended = ("--orders", str(max(60, orders * 3 // 10)), "--defences", "none")
        # This seed's first fault loses callbacks, however fast the machine is.
        code, verdict, _ = soak(lab, *undefended, "--seed", "14")
        assert code == 1
        assert counts(verdict)["stuck"] > 0
        named = verdict["anomalies"]["stuck"]["first"][0]
        assert lab.order(named["orderId"])["status"] == "PENDING"


@pytest.mark.long
def test_whichever_process_is_killed_nothing_that_was_acknowledged_is_lost(tmp_path: Path) -> None:
    with LabProcesses(tmp_path) as lab:
        code, verdict, kept = soak(lab, "--kill", "2", "--rate", "40")
        assert counts(verdict) == {}
        assert verdict["telemetry"]["lost"] == 0
        assert code == 0
        killed = json.loads((kept / "faults.json").read_text(encoding="utf-8"))
        names = sorted(each["target"] for each in killed)
        assert names == sorted(2 * ["observer", "api", "worker", "network"])
        assert verdict["outcomes"]["ok"] > 40
        assert verdict["telemetry"]["acknowledged"] > 40


def test_a_process_that_stays_away_ends_it(lab: LabProcesses, tmp_path: Path) -> None:
    urls = {"observer_url": lab.observer_url, "client_url": lab.client_url, "api_url": lab.api_url}
    struck = 0

    def strike() -> float:
        nonlocal struck
        struck += 1
        raise NotBackError("worker did not come up again")

    with pytest.raises(NotBackError):
        Soak(urls, report=print).run(
            strike, orders=None, clients=1, rate=1, directory=tmp_path / "soak"
        )
    assert struck == 1


def test_an_unknown_defence_is_refused(lab: LabProcesses) -> None:
    done = manage(lab.environ, "soak", "--defences", "moon")
    assert done.returncode != 0
    assert "unknown defences: moon" in done.stderr
