"""A made-up system of five services, a ring and a star: broken anywhere, explained rightly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.flow.five_services import AROUND, RING, STAR, write_system
from tests.support.processes import LabProcesses
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.flow, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabProcesses]:
    directory = tmp_path_factory.mktemp("five")
    with LabProcesses(directory, LAB_SYSTEM=str(write_system(directory))) as started:
        yield started


@pytest.fixture(autouse=True)
def healed(lab: LabProcesses) -> Iterator[None]:
    yield
    lab.heal_all()


def send(lab: LabProcesses, action: str) -> dict[str, Any]:
    url = f"{lab.observer_url}/api/actions/{action}"
    sent: list[dict[str, Any]] = lab.session.post(url, json={}, timeout=20).json()["sent"]
    return sent[0]


def evidence(lab: LabProcesses, sent: dict[str, Any], side: str = "all") -> dict[str, Any]:
    """What is said of an action from a side, once that has sent its records."""
    path = f"/api/traces/{sent['traceId']}/evidence"
    eventually(lambda: side in lab.get(path)["perspectives"])
    return lab.get(path, perspective=side)


def test_the_whole_way_round_is_one_trace_with_a_lane_for_each(lab: LabProcesses) -> None:
    sent = send(lab, "ring")
    assert (sent["httpStatus"], sent["errorKind"]) == (200, None)
    eventually(lambda: evidence(lab, sent)["lanes"] == ["client", "hub", *RING])
    # The hub is called once more at the end of the ring: by nobody but the client.
    arrived = [each for each in evidence(lab, sent)["messages"] if each["kind"] == "request"]
    assert [(each["from"], each["to"], each["outcome"]) for each in arrived] == [
        (one, other, "delivered")
        for one, other in zip(("client", "hub", *RING), ("hub", *RING), strict=False)
    ]


def test_the_hub_calls_each(lab: LabProcesses) -> None:
    sent = send(lab, "star")
    eventually(lambda: evidence(lab, sent)["lanes"] == ["client", "hub", *RING])
    found = evidence(lab, sent)
    assert found["perspectives"] == ["all", "client", "hub", *RING]


@pytest.mark.parametrize(
    ("link", "action"),
    [("east-to-south", "ring"), ("south-to-west", "ring"), ("hub-to-west", "star")],
)
def test_a_cut_anywhere_is_found_where_it_is(lab: LabProcesses, link: str, action: str) -> None:
    sender, receiver = link.split("-to-")
    lab.set_fault(link, "cut")
    sent = send(lab, action)
    assert (sent["httpStatus"], sent["errorKind"]) == (502, "http_5xx")
    found = evidence(lab, sent)
    assert found["diagnosis"]["headline"] == f"{sender} did not reach {receiver}"
    [lost] = [each for each in found["messages"] if each["errorKind"] == "connect_refused"]
    assert (lost["from"], lost["to"], lost["outcome"]) == (sender, receiver, "refused")
    assert [(each["target"], each["kind"]) for each in found["windows"]] == [
        (f"{sender}->{receiver}", "cut")
    ]


def test_a_lost_request_is_undecided_for_its_caller_and_settled_by_the_callee(
    lab: LabProcesses,
) -> None:
    lab.set_fault("north-to-east", "response_lost")
    sent = send(lab, "ring")
    found = evidence(lab, sent, "north")
    kinds = {each["kind"] for each in found["diagnosis"]["sentences"]}
    assert "unknown" in kinds
    eventually(lambda: "south" in evidence(lab, sent)["lanes"])
    requests = [each for each in evidence(lab, sent)["messages"] if each["kind"] == "request"]
    assert ("north", "east", "delivered") in [
        (each["from"], each["to"], each["outcome"]) for each in requests
    ]


def test_each_link_and_service_can_be_broken_and_healed(lab: LabProcesses) -> None:
    targets = {each["target"] for each in lab.get("/api/faults")["kinds"]}
    assert targets == {"client-to-hub", *STAR, *AROUND, "hub", *RING}
    for link in (*STAR, *AROUND):
        lab.set_fault(link, "slow", ms=1)
    for name in RING:
        lab.set_fault(name, "pause")
    assert len(lab.get("/api/faults")["faults"]) == len((*STAR, *AROUND, *RING))
    lab.heal_all()
    assert send(lab, "star")["httpStatus"] == 200
