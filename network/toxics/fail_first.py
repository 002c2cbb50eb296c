"""A bad start that passes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from network.toxics.toxic import Toxic, register, whole


@register
@dataclass(frozen=True)
class FailFirst(Toxic):
    """Resets the first ``count`` new connections, before the upstream hears of them."""

    kind: ClassVar[str] = "fail_first"
    count: int = whole(1, maximum=1_000_000)

    def admit(self, ordinal: int) -> bool:
        """Turn the first ones away."""
        return ordinal >= self.count
