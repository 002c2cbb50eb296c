"""Runs of the version before messages: they are listed, and their reports made, texts as kept."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from experiments.report.record import read_json, read_record

if TYPE_CHECKING:
    from django.conf import LazySettings

KEPT = Path(__file__).parent / "kept"
SLOW, SKIPPED, MATRIX = (
    "20200101T000000000-0001",
    "20200101T000000001-0002",
    "20200101T000000002-0003",
)


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, settings: LazySettings) -> None:
    """Lay the files where the lab keeps its runs."""
    settings.LAB_VAR_DIR = tmp_path
    shutil.copytree(KEPT, tmp_path / "experiments")


def get(path: str, language: str = "en") -> Any:
    answer = Client(headers={"host": "localhost"}).get(path, headers={"accept-language": language})
    assert answer.status_code == 200
    if answer["Content-Type"] == "application/json":
        return answer.json()
    return answer.content.decode()


def test_they_are_listed_newest_first() -> None:
    listed = get("/api/runs", "ja")["runs"]
    assert [(each["runId"], each["status"], each["title"]) for each in listed] == [
        (MATRIX, "aborted", "防御と障害の表"),
        (SKIPPED, "skipped", "ファイアウォールがworkerへのパケットを捨てる"),
        (SLOW, "passed", "C：workerが遅い"),
    ]
    assert [each["files"] for each in listed] == [
        ["report"],
        ["report", "journal"],
        ["report", "journal"],
    ]


def test_a_state_keeps_its_texts() -> None:
    run = get(f"/api/runs/{SLOW}", "ja")
    assert run["observed"][6]["actual"] == "one trace, api and worker"
    assert run["steps"][-4]["text"] == ""
    assert get(f"/api/runs/{SKIPPED}")["reason"] == (
        "the lab may not change the firewall: only root may change the firewall"
    )
    assert get("/api/matrix")["matrix"]["reason"] == "stopped"


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(
    ("run_id", "texts"),
    [
        (SLOW, ["4.5 to 8", "one trace, api and worker", "CONFIRMED: the worker was slow"]),
        (SKIPPED, ["only root may change the firewall"]),
        (MATRIX, ["stopped", "✕"]),
    ],
    ids=["experiment", "skipped", "matrix"],
)
def test_their_reports_are_made(run_id: str, texts: list[str], language: str) -> None:
    report = get(f"/api/runs/{run_id}/report", language)
    assert f'<html lang="{language}">' in report
    for text in texts:
        assert text in report, text


def test_both_sides_of_a_moment_go_by_the_names_of_today() -> None:
    directory = KEPT / "c-slow-worker" / SLOW
    [stored] = read_json(directory / "gathered.json")["traces"][0]["evidence"]["truths"]["moments"]
    [moment] = read_record(directory).traces[0]["evidence"]["truths"]["moments"]
    assert moment.keys() == {"timeUnixNano", "caller", "callee", "differ", "proofs"}
    assert (moment["caller"], moment["callee"]) == (stored["api"], stored["worker"])


def test_the_faults_of_a_kept_run_are_described_in_the_readers_language() -> None:
    japanese = get(f"/api/runs/{SLOW}/report", "ja")
    assert "応答のたびにまずコード内で5000\N{NO-BREAK SPACE}ms待ちます" in japanese
    assert "waits 5000 ms in its code first" in get(f"/api/runs/{SLOW}/report")
