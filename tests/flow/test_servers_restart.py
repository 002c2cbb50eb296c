"""Servers crash or stand still under load: nothing acknowledged is lost, all recovers by itself."""

from __future__ import annotations

import json
import uuid
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from base.loops import DONE
from base.process.listening import wait_until
from experiments.checker.soak import Soak
from experiments.management.commands.soak import SURVIVORS
from tests.support.processes import LabProcesses
from tests.support.servers import Servers, programs
from tests.support.waiting import eventually, let_pass

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from websockets.sync.client import ClientConnection

pytestmark = [
    pytest.mark.flow,
    pytest.mark.long,
    pytest.mark.timeout(300),
    pytest.mark.skipif(None in programs().values(), reason="needs PostgreSQL's and Redis' servers"),
]

AWAY_SECONDS = 3.0
# Longer than an answer is waited for.
STILL_SECONDS = 12.0
COME_AGAIN = 4012
READS = (
    "/api/traces",
    "/api/logs",
    "/api/telemetry",
    "/api/faults",
    "/api/defences",
    "/api/runs",
    "/api/experiments",
    "/api/lesson/mystery",
    "/api/orders",
)


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with Servers() as started:
        yield started


@pytest.fixture(scope="module")
def served_lab(
    servers: Servers, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LabProcesses]:
    with LabProcesses(tmp_path_factory.mktemp("lab"), **servers.environ) as lab:
        yield lab


class Page:
    """An open page, which comes again with its cursor when it is told to, as the lab's own does."""

    def __init__(self, lab: LabProcesses) -> None:
        self._url = f"ws://localhost:{lab.ports['OBSERVER']}/ws/live"
        self._cursor = ""
        self._stack = ExitStack()
        self._connection = self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def next_frame(self, *, seconds: float = 15.0) -> dict[str, Any]:
        try:
            frame: dict[str, Any] = json.loads(self._connection.recv(timeout=seconds))
        except ConnectionClosed as closed:
            if closed.rcvd is None or closed.rcvd.code != COME_AGAIN:
                raise
            self._connection = self._open()
            return self.next_frame(seconds=seconds)
        self._cursor = str(frame.get("cursor", self._cursor))
        return frame

    def wait_for(self, text: str) -> None:
        """Wait for a frame that holds ``text``."""
        while text not in json.dumps(self.next_frame()):
            pass

    def _open(self) -> ClientConnection:
        query = f"?cursor={self._cursor}" if self._cursor else ""
        page = connect(self._url + query, max_size=None, max_queue=None)
        return self._stack.enter_context(page)


def is_ready(lab: LabProcesses, url: str) -> bool:
    return lab.session.get(url, timeout=10).ok


def all_works(lab: LabProcesses, open_page: Page) -> None:
    """Fail unless every process is ready, every question answered, and an open page goes on."""
    for port in ("OBSERVER", "API", "WORKER", "TOXIPROXY", "CONTROL"):
        url = f"http://127.0.0.1:{lab.ports[port]}/readyz"
        eventually(partial(is_ready, lab, url), seconds=30)
    wait_until(lambda: not lab.get("/api/problems")["problems"], seconds=15)
    assert lab.get("/api/problems")["problems"] == []
    for _ in range(30):
        for path in READS:
            assert lab.session.get(lab.observer_url + path, timeout=10).status_code == 200, path
    request_id = str(uuid.uuid4())
    placed = lab.session.post(
        f"{lab.client_url}/orders", json={}, headers={"X-Request-Id": request_id}, timeout=15
    )
    assert placed.status_code == 201
    open_page.wait_for(request_id)
    fault = lab.set_fault("worker", "slow", ms=1)
    open_page.wait_for(fault["id"])
    lab.heal_all()
    with Page(lab) as new_page:
        assert new_page.next_frame()["type"] == "hello"


def test_nothing_acknowledged_is_lost_when_both_crash_under_load(
    servers: Servers, served_lab: LabProcesses, tmp_path: Path
) -> None:
    lab = served_lab
    soak = Soak(
        {
            "observer_url": lab.observer_url,
            "client_url": lab.client_url,
            "api_url": lab.api_url,
            "worker_url": lab.worker_url,
        },
        report=lambda _line: None,
    )
    soak.lab.switch_defences({name: name in SURVIVORS for name in soak.lab.defences()})

    def postgres() -> float:
        servers.crash_postgres()
        let_pass(AWAY_SECONDS)
        servers.start_postgres()
        return AWAY_SECONDS

    def redis() -> float:
        servers.crash_redis()
        let_pass(AWAY_SECONDS)
        servers.start_redis()
        return AWAY_SECONDS

    def postgres_still() -> float:
        with servers.postgres_standing_still():
            let_pass(STILL_SECONDS)
        return AWAY_SECONDS

    left = [postgres_still, postgres, redis, postgres, redis]
    with Page(lab) as open_page:
        all_works(lab, open_page)
        verdict = soak.run(
            lambda: left.pop()() if left else DONE,
            orders=None,
            clients=16,
            rate=30,
            directory=tmp_path,
        ).as_json()
        all_works(lab, open_page)
    assert {k: v["count"] for k, v in verdict["anomalies"].items() if v["count"]} == {}
    assert verdict["stockNotConserved"] == []
    assert verdict["telemetry"]["lost"] == 0
    assert verdict["outcomes"]["ok"] > 100
    assert verdict["telemetry"]["acknowledged"] > 30


def test_a_fault_ends_though_postgresql_is_away_at_its_end(
    servers: Servers, served_lab: LabProcesses
) -> None:
    lab = served_lab
    lab.set_fault("api-to-worker", "cut", ttlSeconds=1)
    servers.crash_postgres()
    let_pass(AWAY_SECONDS)
    servers.start_postgres()
    eventually(lambda: confirmed(lab), seconds=30)
    eventually(lambda: lab.get("/api/faults")["faults"] == [], seconds=15)


def confirmed(lab: LabProcesses) -> bool:
    placed = lab.place_order()
    return placed.status_code == 201 and placed.json()["status"] == "CONFIRMED"
