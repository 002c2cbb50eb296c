"""Two sides at one moment, and whether they contradict each other; also as an answer has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from evidence.model.coded import CodeJson, code_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from evidence.model.change import Change
    from evidence.model.proof import Proof, ProofJson


@dataclass(frozen=True, slots=True)
class Moment:
    """Both sides from one moment to the next, and whether they contradict each other.

    Of an order the caller is the API and the callee the worker.
    """

    unix_nano: int
    caller: Change
    callee: Change
    differ: bool
    proofs: tuple[Proof, ...]


class BeliefJson(CodeJson):
    """What the caller believes."""

    belief: str
    text: str


class FactJson(CodeJson):
    """What the callee has done."""

    fact: str
    text: str


class MomentJson(TypedDict):
    """Both sides from one moment on."""

    timeUnixNano: str
    caller: BeliefJson
    callee: FactJson
    differ: bool
    proofs: list[ProofJson]


class TruthsJson(TypedDict):
    """Belief beside fact; ``of`` names whose belief and whose fact it is."""

    moments: list[MomentJson]
    of: list[str]


def moment_json(one: Moment) -> MomentJson:
    """Return a moment as an answer has it, its texts still empty."""
    return {
        "timeUnixNano": str(one.unix_nano),
        "caller": {"belief": one.caller.value, "text": "", **code_json(one.caller.message)},
        "callee": {"fact": one.callee.value, "text": "", **code_json(one.callee.message)},
        "differ": one.differ,
        "proofs": [proof.json() for proof in one.proofs],
    }


def renewed_moment(
    moment: Mapping[str, Any], renewed: Callable[[Mapping[str, Any], str], dict[str, Any]]
) -> dict[str, Any]:
    """Return a moment of an answer with both texts made anew."""
    return {**moment, **{side: renewed(moment[side], "text") for side in ("caller", "callee")}}


def in_a_line(moment: Mapping[str, Any]) -> str:
    """Return a moment of an answer in a line: the belief, whether they differ, the fact."""
    differ = "≠" if moment["differ"] else " "
    return f"{moment['caller']['belief']:<9} {differ} {moment['callee']['fact']}"
