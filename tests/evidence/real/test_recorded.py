"""Real calls over the lab's links, as Python's and Node's zero-code instrumentations recorded them.

`tests/support/instrumented/recording.py` records them anew.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from network.toxics.toxic import REGISTRY
from tests.evidence.real.said import SAID, check
from tests.support.instrumented.recording import RECORDED, recorded
from tests.support.instrumented.scenarios import SCENARIOS

if TYPE_CHECKING:
    from tests.support.instrumented.recording import Recording

SAME_TO_A_CALL = {"schedule": "flap"}
"""Toxics that do to one call what another does."""

NAMES = sorted(path.name.partition(".")[0] for path in RECORDED.glob("*.json.gz"))


@cache
def of(name: str) -> Recording:
    return recorded(name)


@pytest.mark.parametrize("scenario", [each.name for each in SCENARIOS])
@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_of_a_real_call_is_right_from_each_side(name: str, scenario: str) -> None:
    recording = of(name)
    calls = [(key, call) for key, call in recording.calls.items() if call.scenario == scenario]
    assert calls
    for key, call in calls:
        check(key.partition(" ")[0], call, recording.spans[call.trace_id])


def test_both_ecosystems_are_recorded_by_both_conventions() -> None:
    assert {"node-new", "node-old", "python-new", "python-old"} <= {*NAMES}


def test_every_toxic_and_every_scenario_is_in_the_table() -> None:
    assert {each.name for each in SCENARIOS} == SAID.keys()
    tried = {toxic["type"] for each in SCENARIOS for toxic in each.toxics}
    assert tried | SAME_TO_A_CALL.keys() == set(REGISTRY)
