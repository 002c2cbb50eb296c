"""A system's own experiments, by every entrance: page, command line, stock command."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from tests.flow.own_system import write_system
from tests.support.lab.chaos import chaos_run
from tests.support.lab.manage import manage
from tests.support.processes import LabProcesses
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.flow, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("own")


@pytest.fixture(scope="module")
def lab(directory: Path) -> Iterator[LabProcesses]:
    path, _ = write_system(directory)
    with LabProcesses(directory, LAB_SYSTEM=str(path)) as started:
        yield started


def failures(path: Path) -> list[str | None]:
    cases = ET.fromstring(path.read_text(encoding="utf-8")).iter("testcase")  # noqa: S314 (ours)
    return [case.get("name") for case in cases if len(case)]


def run(lab: LabProcesses, name: str) -> dict[str, Any]:
    url = f"{lab.observer_url}/api/experiments/{name}/runs"
    started = lab.session.post(url, timeout=10).json()
    ended: dict[str, Any] = eventually(
        lambda: (
            state
            if (state := lab.get(f"/api/runs/{started['runId']}"))["status"] != "running"
            else None
        ),
        seconds=60,
    )
    return ended


@pytest.mark.long
def test_by_the_page_which_lists_its_own_alone_and_says_what_is_wrong_with_a_file(
    lab: LabProcesses, directory: Path
) -> None:
    listed = lab.get("/api/experiments")
    assert [each["name"] for each in listed["experiments"]] == ["cut", "mistaken", "odd"]
    assert {each["question"] for each in listed["experiments"]} == {"Shop"}
    assert listed["experiments"][2]["problem"]
    assert listed["folder"] == str(directory / "experiments")
    ended = run(lab, "cut")
    assert (ended["status"], ended["reason"]) == ("passed", ""), ended
    assert [each["actual"] for each in ended["observed"]][:2] == ["502", "shop got /buy"]
    assert all(each["trace_id"] for each in ended["orders"])
    assert lab.get("/api/faults")["faults"] == []
    report = lab.session.get(f"{lab.observer_url}/api/runs/{ended['runId']}/report", timeout=10)
    assert "Every request" in report.text
    assert "What the records prove" in report.text


def test_by_the_command_line_with_its_exit_code_and_a_junit_report(
    lab: LabProcesses, directory: Path, tmp_path: Path
) -> None:
    environ = {**lab.environ, "LAB_SYSTEM": ""}
    options = ("--system", str(directory / "my.toml"))
    assert "A: the shop" in manage(environ, "experiment", "list", *options).stdout
    report = tmp_path / "junit.xml"
    done = manage(environ, "experiment", "run", "mistaken", *options, "--junit", str(report))
    assert done.returncode == 1, done.stderr
    assert "mistaken: deviated" in done.stdout
    assert failures(report) == ["the answer is 200"]
    unknown = manage(environ, "experiment", "run", "odd", *options)
    assert "“odd” is no experiment" in unknown.stderr


@pytest.mark.parametrize(("name", "code"), [("cut", 0), ("mistaken", 1)])
def test_by_the_stock_command(
    lab: LabProcesses, directory: Path, tmp_path: Path, name: str, code: int
) -> None:
    report = tmp_path / "junit.xml"
    file = directory / "experiments" / f"{name}.yaml"
    chaos = chaos_run(lab, file, directory=tmp_path, LAB_JUNIT=str(report))
    output, _ = chaos.communicate(timeout=60)
    assert chaos.returncode == code, output
    journal = json.loads((tmp_path / "journal.json").read_text(encoding="utf-8"))
    assert (journal["status"], journal["deviated"]) == ("completed", bool(code))
    assert failures(report) == (["the answer is 200"] if code else [])


def test_what_is_done_with_orders_is_not_offered(lab: LabProcesses) -> None:
    page = lab.session.get(lab.observer_url, timeout=10).text
    assert 'href="/lesson"' not in page
    assert "lab-experiments" in page
    assert "lab-matrix" not in lab.session.get(f"{lab.observer_url}/experiments", timeout=10).text
    lesson = lab.session.get(f"{lab.observer_url}/lesson", timeout=10)
    assert (lesson.status_code, "lab’s own system" in lesson.text) == (404, True)
    refused = lab.session.post(f"{lab.observer_url}/api/matrix", json={}, timeout=10)
    assert refused.status_code == 409
    assert "needs the lab's own system" in refused.json()["error"]
