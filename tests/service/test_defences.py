"""Defences are off at first and change together or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from service.defences import Defences
from service.errors import BadDefenceError, NotKeptError

if TYPE_CHECKING:
    from pathlib import Path


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


def test_what_is_on_is_still_on_after_a_crash(tmp_path: Path) -> None:
    kept = tmp_path / "defences.json"
    first = Defences(["retry", "outbox"])
    first.keep_in(kept)
    first.switch({"outbox": True})
    second = Defences(["outbox", "new"])
    second.keep_in(kept)
    assert second.as_json() == {"outbox": True, "new": False}


def test_what_can_not_be_kept_is_not_changed(tmp_path: Path) -> None:
    defences = Defences(["retry"])
    defences.keep_in(tmp_path / "gone" / "defences.json")
    with pytest.raises(NotKeptError, match="can't be kept: No such file"):
        defences.switch({"retry": True})
    assert defences.as_json() == {"retry": False}


def test_a_file_that_is_not_there_or_broken_leaves_all_off(tmp_path: Path) -> None:
    kept = tmp_path / "defences.json"
    for _ in range(2):
        defences = Defences(["retry"])
        defences.keep_in(kept)
        assert defences.as_json() == {"retry": False}
        kept.write_text("{", encoding="utf-8")
