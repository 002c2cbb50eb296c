"""A request becomes a fault with every parameter, or an error that names the field."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from faults import kinds, request
from faults.errors import FaultError

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def read(**given: Any) -> Any:
    return request.read({"target": "api-to-worker", "kind": "slow", **given}, now=NOW)


def test_defaults_complete_it() -> None:
    fault = read()
    assert (fault.level, fault.parameters["ms"], fault.expires_at) == ("socket", 1_000, None)


def test_a_time_to_live_is_an_end() -> None:
    assert read(ttlSeconds=30).remaining_seconds(NOW) == 30


def test_every_kind_can_be_set_on_each_of_its_targets_and_levels() -> None:
    for target, kind in kinds.listed():
        for level in kind.as_json(target)["levels"]:
            fault = request.read({"target": target, "kind": kind.name, "level": level}, now=NOW)
            assert (fault.target, fault.kind, fault.level) == (target, kind.name, level)


def test_a_fault_of_the_firewall_always_ends() -> None:
    fault = read(kind="cut", level="firewall")
    assert fault.remaining_seconds(NOW) == kinds.FIREWALL_TTL_SECONDS


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
        request.read(body, now=NOW)


def test_command_line_arguments_are_parsed() -> None:
    assert request.parse(["worker", "slow", "ms=5", "level=switch"], set_by="cli") == {
        "target": "worker",
        "kind": "slow",
        "setBy": "cli",
        "ms": 5,
        "level": "switch",
    }


def test_a_list_is_separated_by_semicolons() -> None:
    bodies = request.parse_list(
        "worker pause; ;api-to-worker lossy rate=0.5;", set_by="environment"
    )
    assert [(each["target"], each["kind"], each.get("rate")) for each in bodies] == [
        ("worker", "pause", None),
        ("api-to-worker", "lossy", 0.5),
    ]
    assert request.parse_list("", set_by="environment") == []


@pytest.mark.parametrize("arguments", [[], ["worker"], ["worker", "slow", "5"]])
def test_malformed_arguments_are_refused(arguments: list[str]) -> None:
    with pytest.raises(FaultError):
        request.parse(arguments, set_by="cli")


@pytest.mark.parametrize(
    ("argument", "value"), [("5", 5), ("0.5", 0.5), ("both", "both"), ("a=b", "a=b"), ("", "")]
)
def test_an_argument_is_a_number_where_it_reads_as_one(argument: str, value: object) -> None:
    body = request.parse(["worker", "slow", f"ms={argument}"], set_by="cli")
    assert (body["ms"], type(body["ms"])) == (value, type(value))


def test_a_level_is_a_string_whatever_it_looks_like() -> None:
    assert request.parse(["worker", "slow", "level=1"], set_by="cli")["level"] == "1"
