"""Evidence as runs have left it in their files, read as an answer has it today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_SIDES = {"api": "caller", "worker": "callee"}
"""What both sides of a moment were called in older files, whoever they were."""


def read_kept(evidence: Mapping[str, Any]) -> dict[str, Any]:
    """Return kept evidence with both sides of each moment under their names of today."""
    truths = evidence["truths"]
    moments = [
        {_SIDES.get(key, key): value for key, value in moment.items()}
        for moment in truths["moments"]
    ]
    return {**evidence, "truths": {**truths, "moments": moments}}
