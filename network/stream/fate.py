"""Seeded chance: the same seed gives the same connection the same fate."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from network.direction import Direction


class Fate:
    """Deals each connection under a toxic its own source of chance.

    The n-th connection that a toxic meets always draws the same numbers for the same seed, proxy,
    type and stream, whatever the toxic's name and whatever other connections do meanwhile.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def deal(
        self, proxy: str, *, kind: str, stream: Direction, ordinal: int | str
    ) -> random.Random:
        """Return the source of chance of the ``ordinal``-th connection (from 0).

        Any other name in its place has a source of its own.
        """
        return random.Random(  # noqa: S311 - chance that must repeat is the point
            f"{self.seed}/{proxy}/{kind}/{stream}/{ordinal}"
        )
