"""What can be broken, and how, is what the system has: no more, and no less."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from base.faults.request import FaultRequestError
from faults import kinds
from systems.running import RUNNING, RunningSystem
from systems.system import SystemLink
from tests.systems.five import five, running

if TYPE_CHECKING:
    from collections.abc import Iterator

WIRE = SystemLink("wire", "hub", "10.0.0.9:5432", "127.0.0.1:4999", "10.0.0.9:5432", "tcp")


@pytest.fixture(autouse=True)
def _five() -> Iterator[None]:
    with running(five()):
        yield


def names(target: str) -> set[str]:
    return {each.name for each in kinds.kinds_of(target)}


def test_every_link_and_every_service_that_the_lab_starts_can_be_broken() -> None:
    targets = {target for target, _ in kinds.listed()}
    assert len([each for each in targets if "-to-" in each]) == 9
    assert targets - set(RUNNING.system.link_names) == {"hub", "north", "east", "south"}


def test_what_has_no_code_of_the_labs_is_crashed_and_paused_and_no_more() -> None:
    assert names("hub") == {"crash", "pause"}
    assert kinds.levels_of(kinds.find("hub-to-north", "cut"), "hub-to-north") == (
        "socket",
        "firewall",
    )


def test_what_somebody_else_starts_is_broken_on_its_links_alone() -> None:
    assert names("west") == set()
    with pytest.raises(
        FaultRequestError, match="west is started by somebody else: break a link to it"
    ):
        kinds.find("west", "crash")


def test_a_link_of_tcp_is_offered_nothing_that_needs_http() -> None:
    assert names("hub-to-east") - names("hub-to-west") == {"http_status", "duplicate"}
    assert {"cut", "slow", "lossy", "reset", "bandwidth"} <= names("hub-to-west")
    for link, selection in (
        ("hub-to-east", {"method", "path", "header", "share", "every", "first", "connections"}),
        ("hub-to-west", {"contains", "share", "every", "first", "connections"}),
    ):
        slow = kinds.find(link, "slow")
        assert {each.name for each in kinds.selection_of(slow, link)} == selection
        shown = {each["name"] for each in slow.as_json(link)["selection"]}
        assert shown == selection


def test_a_link_that_was_attached_can_be_broken_as_any_other() -> None:
    attached = RunningSystem(five())
    assert attached.attach([WIRE])
    assert not attached.attach([WIRE])
    with running(attached.system):
        assert kinds.find("wire", "slow").name == "slow"
    assert attached.attach([])
    with running(attached.system), pytest.raises(FaultRequestError, match="target must be one of"):
        kinds.find("wire", "slow")


def test_an_attached_link_never_takes_the_place_of_the_files_own() -> None:
    attached = RunningSystem(five())
    own = attached.system.link("hub-to-east")
    assert not attached.attach([SystemLink("hub-to-east", "x", "y", "h:1", "h:2")])
    assert attached.system.link("hub-to-east") == own
