"""What is asked for is a fault with every number, or a refusal that names the field."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from faults import asked
from faults.fault import FaultError
from faults.kinds import listed

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def read(**given: Any) -> Any:
    return asked.read({"target": "api-to-worker", "kind": "slow", **given}, now=NOW)


def test_defaults_complete_it() -> None:
    fault = read()
    assert (fault.level, fault.parameters["ms"], fault.expires_at) == ("socket", 1_000, None)


def test_a_time_to_live_is_an_end() -> None:
    assert read(ttlSeconds=30).remaining_seconds(NOW) == 30


def test_every_kind_can_be_set_on_each_of_its_targets_and_levels() -> None:
    for target, kind in listed():
        for level in kind.as_json(target)["levels"]:
            fault = asked.read({"target": target, "kind": kind.name, "level": level}, now=NOW)
            assert (fault.target, fault.kind, fault.level) == (target, kind.name, level)


def test_a_fault_of_the_firewall_always_ends() -> None:
    fault = read(kind="cut", level="firewall")
    assert fault.remaining_seconds(NOW) == asked.FIREWALL_TTL_SECONDS


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"target": "moon"}, "target"),
        ({"kind": "moon"}, "kind"),
        ({"kind": "crash"}, "kind"),
        ({"level": "switch"}, "level"),
        ({"ms": -1}, "ms"),
        ({"ms": "1"}, "ms"),
        ({"ms": True}, "ms"),
        ({"ms": 1.5}, "ms"),
        ({"stream": "sideways"}, "stream"),
        ({"kind": "lossy", "rate": 1.1}, "rate"),
        ({"kind": "lossy", "rate": float("nan")}, "rate"),
        ({"ttlSeconds": 0}, "ttlSeconds"),
        ({"ttlSeconds": "1"}, "ttlSeconds"),
        ({"ttlSeconds": 1e9}, "ttlSeconds"),
        ({"setBy": ""}, "setBy"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_what_is_wrong_is_named(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(FaultError) as refused:
        read(**wrong)
    assert refused.value.field == field


@pytest.mark.parametrize("body", [None, [], "cut", 1])
def test_a_body_that_is_no_object_is_refused(body: object) -> None:
    with pytest.raises(FaultError):
        asked.read(body, now=NOW)
