"""A fault as it is typed, on a command line or in the environment."""

from __future__ import annotations

import pytest

from faults import typed
from faults.fault import FaultError


def test_words_become_a_description() -> None:
    assert typed.described(["worker", "slow", "ms=5", "level=switch"], set_by="cli") == {
        "target": "worker",
        "kind": "slow",
        "setBy": "cli",
        "ms": 5,
        "level": "switch",
    }


def test_several_stand_with_semicolons_between() -> None:
    several = typed.several("worker pause; ;api-to-worker lossy rate=0.5;", set_by="environment")
    assert [(each["target"], each["kind"], each.get("rate")) for each in several] == [
        ("worker", "pause", None),
        ("api-to-worker", "lossy", 0.5),
    ]
    assert typed.several("", set_by="environment") == []


@pytest.mark.parametrize("words", [[], ["worker"], ["worker", "slow", "5"]])
def test_what_is_no_fault_is_refused(words: list[str]) -> None:
    with pytest.raises(FaultError):
        typed.described(words, set_by="cli")
