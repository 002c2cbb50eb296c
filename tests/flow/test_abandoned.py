"""A crash in the middle of a job leaves spans that are said never to end."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from tests.support.waiting import eventually

if TYPE_CHECKING:
    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.flow, pytest.mark.timeout(60)]


def test_the_spans_of_a_crashed_worker_are_abandoned(lab: LabProcesses) -> None:
    lab.set_fault("worker", "slow", ms=20_000)
    placing = threading.Thread(target=lab.place_order)
    placing.start()

    def states(trace_id: str) -> set[str]:
        spans = lab.get(f"/api/traces/{trace_id}")["spans"]
        return {span["state"] for span in spans if span["service"] == "worker"}

    def begun() -> str | None:
        newest = [each["traceId"] for each in lab.get("/api/traces", limit=5)["traces"]]
        return next((each for each in newest if states(each) == {"open"}), None)

    trace_id = eventually(begun, seconds=20)
    lab.set_fault("worker", "crash")
    eventually(lambda: states(trace_id) == {"abandoned"}, seconds=20)
    placing.join()
