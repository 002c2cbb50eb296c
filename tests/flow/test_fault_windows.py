"""A message is shown lost where a fault was in force, and one side alone cannot know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.waiting import eventually

if TYPE_CHECKING:
    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.flow, pytest.mark.timeout(60)]


def test_a_lost_request_is_lost_for_who_knows_of_the_fault_and_unknown_to_the_api(
    lab: LabProcesses,
) -> None:
    lab.set_fault("api-to-worker", "request_lost")
    placed = lab.place_order().json()
    lab.heal_all()

    def request(perspective: str) -> dict[str, Any] | None:
        traces = lab.get("/api/traces", orderId=placed["orderId"])["traces"]
        if not traces:
            return None
        evidence = lab.get(f"/api/traces/{traces[0]['traceId']}/evidence", perspective=perspective)
        sent = [m for m in evidence["messages"] if (m["kind"], m["to"]) == ("request", "worker")]
        return (
            {**sent[0], "windows": evidence["windows"]} if sent and sent[0]["errorKind"] else None
        )

    whole = eventually(lambda: request("all"))
    assert whole["outcome"] == "lost"
    (window,) = whole["windows"]
    assert (window["target"], window["kind"]) == ("api->worker", "request_lost")
    assert int(window["fromUnixNano"]) < int(window["toUnixNano"])
    alone = eventually(lambda: request("api"))
    assert (alone["outcome"], alone["windows"]) == ("unknown", [])
