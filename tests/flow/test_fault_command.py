"""``manage.py fault`` sets, lists and heals the faults of a running lab."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.lab.manage import manage
from tests.support.long import long

if TYPE_CHECKING:
    import subprocess

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.flow, pytest.mark.timeout(90)]


def command(lab: LabProcesses, *arguments: str) -> subprocess.CompletedProcess[str]:
    return manage(lab.environ, "fault", *arguments)


@pytest.mark.parametrize(
    "fault",
    [
        long(("api-to-worker", "cut")),
        long(("worker-to-api", "cut")),
        ("worker", "slow", "ms=1500"),
    ],
)
def test_the_source_materials_faults_are_set_listed_and_healed(
    lab: LabProcesses, fault: tuple[str, ...]
) -> None:
    done = command(lab, "set", *fault, "--ttl", "60")
    assert done.returncode == 0, done.stderr
    listed = command(lab, "list").stdout
    assert fault[0].split("-")[0] in listed.lower()
    assert [each["target"] for each in lab.get("/api/faults")["faults"]] == [fault[0]]
    assert lab.place_order().json()["status"] == "PENDING"
    assert command(lab, "heal").returncode == 0
    assert lab.get("/api/faults")["faults"] == []
    assert lab.place_order().json()["status"] == "CONFIRMED"


def test_what_is_no_fault_is_refused_with_a_sentence(lab: LabProcesses) -> None:
    done = command(lab, "set", "moon", "cut")
    assert done.returncode != 0
    assert "target must be one of" in done.stderr
    assert "Traceback" not in done.stderr
