"""Two sides at one moment, and whether they contradict each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evidence.model.change import Change
    from evidence.model.proof import Proof


@dataclass(frozen=True, slots=True)
class Moment:
    """Both sides from one moment to the next, and whether they contradict each other.

    Of an order these are the API and the worker.
    """

    unix_nano: int
    caller: Change
    callee: Change
    differ: bool
    proofs: tuple[Proof, ...]
