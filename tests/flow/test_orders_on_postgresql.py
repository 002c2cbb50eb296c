"""The lab with its orders' PostgreSQL behind a link: it may have committed, and nobody knows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.lab.chaos import chaos_run
from tests.support.processes import LabProcesses
from tests.support.servers import Servers, programs
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.flow,
    pytest.mark.long,
    pytest.mark.timeout(120),
    pytest.mark.skipif(None in programs().values(), reason="needs PostgreSQL's and Redis' servers"),
]

LINK = "api-to-database"
LOST_COMMIT: dict[str, Any] = {
    "kind": "reset",
    "stream": "response",
    "contains": "COMMIT",
    "first": 1,
}


@pytest.fixture(scope="module")
def database_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabProcesses]:
    arguments = ("--system", "systems/orders-postgresql.toml")
    with Servers() as servers:
        database = {"DATABASE_URL": servers.environ["DATABASE_URL"]}
        with LabProcesses(tmp_path_factory.mktemp("lab"), *arguments, **database) as lab:
            yield lab


@pytest.fixture(autouse=True)
def restored(database_lab: LabProcesses) -> Iterator[None]:
    yield
    database_lab.restore()


@pytest.mark.parametrize("key", ["without", "with"])
def test_an_experiment_shows_what_a_key_does_about_a_lost_commit(
    database_lab: LabProcesses, key: str, tmp_path: Path
) -> None:
    chaos = chaos_run(database_lab, f"commit-answer-lost-{key}-key", directory=tmp_path)
    output, _ = chaos.communicate(timeout=90)
    assert chaos.returncode == 0, output
    journal = json.loads((tmp_path / "journal.json").read_text(encoding="utf-8"))
    assert (journal["status"], journal["deviated"]) == ("completed", False)
    observed = [run["output"] for run in journal["run"] if run["activity"]["type"] == "probe"]
    assert [(each["expected"], each["actual"]) for each in observed if not each["ok"]] == []
    assert len(observed) == 4
    assert database_lab.get("/api/faults")["faults"] == []


def test_what_was_not_stored_is_refused_as_such_and_what_may_be_is_not(
    database_lab: LabProcesses,
) -> None:
    lab = database_lab
    lab.set_fault(LINK, "cut")
    refused = lab.place_order()
    assert (refused.status_code, "stored" in refused.json()) == (503, False)
    lab.heal_all()
    eventually(lambda: lab.place_order().status_code == 201, seconds=30)
    lab.session.patch(f"{lab.observer_url}/api/defences", json={"outbox": True}, timeout=10)
    lab.set_fault(LINK, **LOST_COMMIT)
    unknown = lab.place_order()
    assert (unknown.status_code, unknown.json()["stored"]) == (503, "unknown")
    # It had happened.
    assert lab.order(unknown.json()["orderId"])["status"] in ("PENDING", "CONFIRMED")
    eventually(lambda: lab.order(unknown.json()["orderId"])["status"] == "CONFIRMED", seconds=30)
