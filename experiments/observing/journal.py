"""Judging the activities of a journal of Chaos Toolkit's: also by what observations say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_OBSERVATION = {"expected", "actual", "ok"}


def is_observation(output: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether ``output`` is what a probe of the lab's returns."""
    return isinstance(output, dict) and output.keys() >= _OBSERVATION


def deviates(run: Iterable[Mapping[str, Any]]) -> bool:
    """Whether an activity of the method failed, or observed what was not expected."""
    return any(
        each["status"] != "succeeded"
        or (is_observation(each.get("output")) and not each["output"]["ok"])
        for each in run
    )
