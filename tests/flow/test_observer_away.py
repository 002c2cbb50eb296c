"""The observer may be stopped, dead or flooded: orders go on, and what it missed is counted."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

import pytest

from base.client import answers
from supervision import signalling
from tests.support.waiting import eventually, let_pass

if TYPE_CHECKING:
    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.flow, pytest.mark.timeout(90)]

# Far above what an order takes, far below what waiting for the observer would take.
_SOON_SECONDS = 1.0
_LONGER_THAN_AN_EXPORT_MAY_TAKE = 6.5


def place_in_time(lab: LabProcesses) -> str:
    began = time.monotonic()
    placed = lab.place_order().json()
    assert placed["status"] == "CONFIRMED"
    assert time.monotonic() - began < _SOON_SECONDS
    request_id: str = placed["requestId"]
    return request_id


def is_seen(lab: LabProcesses, request_id: str) -> bool:
    return bool(lab.get("/api/traces", requestId=request_id)["traces"])


def lost(lab: LabProcesses) -> int:
    dropped: dict[str, int] = lab.get("/api/telemetry")["droppedByServices"]
    return sum(dropped.values())


def test_a_stopped_observer_holds_up_nothing_and_hears_of_it_later(lab: LabProcesses) -> None:
    observer = lab.pid_of("observer")
    signalling.pause(observer)
    try:
        request_ids = [place_in_time(lab) for _ in range(20)]
    finally:
        signalling.resume(observer)
    eventually(lambda: all(map(partial(is_seen, lab), request_ids)))


def test_a_dead_observer_fails_no_order_and_comes_back(lab: LabProcesses) -> None:
    observer = lab.pid_of("observer")
    signalling.kill(observer)
    for _ in range(20):
        place_in_time(lab)
    eventually(lambda: answers(f"{lab.observer_url}/readyz"), seconds=20)
    request_id = place_in_time(lab)
    eventually(lambda: is_seen(lab, request_id))


def test_what_an_observer_missed_is_counted(lab: LabProcesses) -> None:
    before = lost(lab)
    observer = lab.pid_of("observer")
    signalling.pause(observer)
    try:
        place_in_time(lab)
        let_pass(_LONGER_THAN_AN_EXPORT_MAY_TAKE)
        place_in_time(lab)
    finally:
        signalling.resume(observer)
    place_in_time(lab)
    eventually(lambda: lost(lab) > before, seconds=20)
