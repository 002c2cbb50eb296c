"""Faults of the lab's own links between services of any name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evidence.windows import FaultWindow
from systems.running import RUNNING
from systems.system import SystemLink
from tests.evidence.calls.run import Run, at

if TYPE_CHECKING:
    from collections.abc import Iterator


def lost() -> Run:
    run = Run()
    root = run.span("shop", "GET /", 0, 1_010, kind="SERVER")
    more = {"error.type": "ReadTimeout", "server.address": "price"}
    run.span("shop", "GET", 2, 1_002, parent=root, kind="CLIENT", more=more)
    return run


@pytest.mark.parametrize(
    ("kind", "target", "start", "stopped"),
    [
        ("cut", "shop->price", 0, True),
        ("request_lost", "shop->price", 2, True),
        ("response_lost", "shop->price", 0, False),
        ("cut", "shop->price", 500, False),
        ("cut", "shop->mail", 0, False),
    ],
)
def test_a_fault_that_let_nothing_through_settles_that_it_did_not_arrive(
    kind: str, target: str, start: float, stopped: bool
) -> None:
    windows = (FaultWindow(target, kind, at(start)),)
    found = lost().evidence(windows=windows)
    codes = {one["code"] for one in found["diagnosis"]["sentences"]}
    assert ("calls.stopped" in codes) is stopped
    assert ("calls.arrival_unknown" in codes) is not stopped
    assert ("calls.fault_in_force" in codes) is (target == "shop->price")
    assert found["messages"][0]["outcome"] == ("lost" if stopped else "unknown")


@pytest.fixture
def _link() -> Iterator[None]:
    # As one that was attached while the system runs.
    listen = "[::]:4150"
    link = SystemLink("wire", "shop", "price", listen, "127.0.0.1:1", attached=True)
    RUNNING.attach([link])
    yield
    RUNNING.attach([])


@pytest.mark.usefixtures("_link")
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_a_fault_of_the_link_that_was_called_is_known_though_its_callee_has_no_record(
    host: str,
) -> None:
    run = Run()
    root = run.span("shop", "GET /", 0, 1_010, kind="SERVER")
    more = {"error.type": "ReadTimeout", "server.address": host, "server.port": 4150}
    run.span("shop", "GET", 2, 1_002, parent=root, kind="CLIENT", more=more)
    found = run.evidence(windows=(FaultWindow("shop->price", "cut", at(0)),))
    assert found["lanes"] == ["shop", "price"]
    assert "calls.stopped" in [one["code"] for one in found["diagnosis"]["sentences"]]


def test_a_side_knows_of_no_fault_on_its_way() -> None:
    windows = (FaultWindow("shop->price", "cut", at(0)),)
    found = lost().evidence("shop", windows)
    codes = {one["code"] for one in found["diagnosis"]["sentences"]}
    assert "calls.arrival_unknown_to_side" in codes
    assert not {"calls.stopped", "calls.fault_in_force"} & codes
