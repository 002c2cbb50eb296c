"""Defences are off at first and change together or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from boundary.defences import BadDefenceError, Defences


def test_all_are_off_at_first() -> None:
    assert Defences(["retry", "breaker"]).as_json() == {"retry": False, "breaker": False}


def test_those_not_named_stay_as_they_are() -> None:
    defences = Defences(["retry", "breaker"])
    defences.switch({"retry": True})
    defences.switch({"breaker": True})
    assert (defences["retry"], defences["breaker"]) == (True, True)


@pytest.mark.parametrize("wrong", [{"armour": True}, {"breaker": 1}, {"breaker": None}])
def test_a_mistake_changes_nothing(wrong: dict[str, Any]) -> None:
    defences = Defences(["retry", "breaker"])
    with pytest.raises(BadDefenceError):
        defences.switch({"retry": True, **wrong})
    assert defences.as_json() == {"retry": False, "breaker": False}
