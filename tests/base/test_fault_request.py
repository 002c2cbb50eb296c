"""Every field of a requested fault is checked in one way, and a refusal names its field."""

from __future__ import annotations

from typing import Any

import pytest

from base.faults.request import TEXTS, FaultRequest, FaultRequestError, integer, number, read
from base.message import render

ALLOWED = {"api": ("slow", "http_5xx"), "api-to-worker": ("cut",)}
CUT = {"id": "f", "target": "api-to-worker", "kind": "cut"}


def test_a_request_is_read() -> None:
    found = read({**CUT, "ttlSeconds": 5}, allowed=ALLOWED)
    assert found == FaultRequest("f", "api-to-worker", "cut", 5.0)


def test_without_a_time_it_has_no_end() -> None:
    assert read(CUT, allowed=ALLOWED).ttl_seconds is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", ""),
        ("id", 7),
        ("id", "x" * 101),
        ("target", "worker"),
        ("target", ["api"]),
        ("kind", "slow"),
        ("kind", None),
        ("ttlSeconds", 0),
        ("ttlSeconds", -1),
        ("ttlSeconds", 86_401),
        ("ttlSeconds", True),
        ("ttlSeconds", "5"),
        ("ttlSeconds", float("nan")),
    ],
)
def test_a_wrong_field_is_named(field: str, value: Any) -> None:
    with pytest.raises(FaultRequestError) as refused:
        read({**CUT, field: value}, allowed=ALLOWED)
    assert refused.value.field == field
    assert field in str(refused.value)
    assert str(refused.value) == render(refused.value.message, TEXTS)


@pytest.mark.parametrize("value", [None, [], "cut", 5])
def test_what_is_no_object_is_refused(value: object) -> None:
    with pytest.raises(FaultRequestError, match="a JSON object"):
        read(value, allowed=ALLOWED)


def test_the_bounds_of_a_number_belong_to_it() -> None:
    assert [integer(each, field="ms", lowest=0, highest=3) for each in (0, 3)] == [0, 3]
    assert [number(each, field="rate", lowest=0, highest=1) for each in (0, 1)] == [0.0, 1.0]


@pytest.mark.parametrize("value", [-1, 4, 1.0, "1", True, None])
def test_a_whole_number_out_of_bounds_is_refused(value: object) -> None:
    with pytest.raises(FaultRequestError, match="ms must be a whole number from 0 to 3"):
        integer(value, field="ms", lowest=0, highest=3)


@pytest.mark.parametrize("value", [-0.1, 1.1, float("inf"), "1", False, None])
def test_a_number_out_of_bounds_is_refused(value: object) -> None:
    with pytest.raises(FaultRequestError, match="rate must be a number from 0 to 1"):
        number(value, field="rate", lowest=0, highest=1)
