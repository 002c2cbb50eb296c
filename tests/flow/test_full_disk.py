"""A disk that is full refuses what cannot be kept, says so, loses nothing, and all recovers."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.lab.manage import manage
from tests.support.processes import LabProcesses
from tests.support.waiting import eventually, let_pass

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import requests

pytestmark = [pytest.mark.flow, pytest.mark.long, pytest.mark.timeout(240)]

SIZE = "40m"
FULL = "database or disk is full"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a small file system where the lab keeps what it has."""
    if not shutil.which("mount") or not hasattr(os, "getuid") or os.getuid():
        pytest.skip("a small file system is mounted by root alone, with mount")
    var = tmp_path / "var"
    var.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(var)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"nothing can be mounted here: {mounted.stderr.strip()}")
    yield var
    subprocess.run(["umount", str(var)], check=True)


def fill(disk: Path) -> Path:
    """Take all the room that is left."""
    taken = disk / "taken"
    room = bytes(65_536)
    with taken.open("wb", buffering=0) as file:
        while room:
            with suppress(OSError):
                if file.write(room) == len(room):
                    continue
            room = room[: len(room) // 2]
    return taken


def send_span(lab: LabProcesses) -> tuple[str, requests.Response]:
    now = str(time.time_ns())
    trace_id = secrets.token_hex(16)
    # As long as the lab's own: what fits into the room that a file already has is stored.
    span = {"traceId": trace_id, "spanId": secrets.token_hex(8), "name": "n" * 20_000}
    span |= {"startTimeUnixNano": now, "endTimeUnixNano": now}
    body = {"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}
    return trace_id, lab.session.post(f"{lab.observer_url}/v1/traces", json=body, timeout=15)


def readiness(lab: LabProcesses, url: str) -> dict[str, Any]:
    body: dict[str, Any] = lab.session.get(f"{url}/readyz", timeout=10).json()
    return body


def all_ready(lab: LabProcesses) -> bool:
    return all(readiness(lab, url)["ok"] for url in (lab.observer_url, lab.api_url, lab.worker_url))


class Acknowledged:
    """What was acknowledged, and whether it is still there."""

    def __init__(self, lab: LabProcesses) -> None:
        self.lab = lab
        self.orders: list[str] = []
        self.traces: list[str] = []

    def take_in(self) -> tuple[requests.Response, requests.Response]:
        """Place an order and send a span; return both answers."""
        placed = self.lab.place_order()
        if placed.status_code == 201:
            self.orders.append(placed.json()["orderId"])
        trace_id, sent = send_span(self.lab)
        if sent.ok:
            self.traces.append(trace_id)
        return placed, sent

    def lost(self) -> list[str]:
        """List what is gone."""
        places = [f"{self.lab.api_url}/orders/{each}" for each in self.orders]
        places += [f"{self.lab.observer_url}/api/traces/{each}" for each in self.traces]
        return [each for each in places if not self.lab.session.get(each, timeout=10).ok]


def test_what_cannot_be_kept_is_refused_and_all_goes_on_when_there_is_room(
    small_disk: Path, tmp_path: Path
) -> None:
    with LabProcesses(tmp_path) as lab:
        acknowledged = Acknowledged(lab)
        for _ in range(10):
            acknowledged.take_in()
        assert (len(acknowledged.orders), len(acknowledged.traces)) == (10, 10)

        taken = fill(small_disk)
        for _ in range(30):
            placed, sent = acknowledged.take_in()
        assert placed.status_code == 503
        assert placed.headers["Content-Type"] == "application/json"
        assert FULL in placed.json()["error"]
        assert (sent.status_code, "Retry-After" in sent.headers) == (503, True)
        fault = {"target": "api-to-worker", "kind": "cut"}
        refused = lab.session.post(f"{lab.observer_url}/api/faults", json=fault, timeout=15)
        assert refused.status_code == 503
        assert FULL in refused.json()["error"]
        switched = lab.session.patch(
            f"{lab.observer_url}/api/defences", json={"outbox": True}, timeout=15
        )
        assert "can't be kept: No space left on device" in switched.json()["error"]
        assert {each["on"] for each in lab.get("/api/defences")["defences"]} == {False}
        # What is there is shown.
        assert lab.order(acknowledged.orders[0])["orderId"] == acknowledged.orders[0]
        assert lab.get("/api/traces")["traces"]
        eventually(lambda: FULL in str(lab.get("/api/problems")), seconds=20)
        # It stays so though nobody asks for anything to be stored.
        let_pass(3)
        for url in (lab.observer_url, lab.api_url):
            assert FULL in str(readiness(lab, url))

        taken.unlink()
        eventually(lambda: all_ready(lab), seconds=30)
        placed, sent = acknowledged.take_in()
        assert (placed.status_code, sent.status_code) == (201, 200)
        assert acknowledged.lost() == []
        assert "Internal Server Error" not in lab.log
        eventually(lambda: lab.get("/api/problems")["problems"] == [], seconds=20)


def test_a_lab_that_finds_no_room_says_so(small_disk: Path, tmp_path: Path) -> None:
    fill(small_disk)
    lab = LabProcesses(tmp_path)
    done = manage(lab.environ, "lab", "--no-browser")
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
