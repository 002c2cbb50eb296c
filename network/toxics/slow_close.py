"""A late goodbye."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from network.toxics.toxic import Toxic, register, whole

if TYPE_CHECKING:
    from network.toxics.toxic import Stub


@register
@dataclass(frozen=True)
class SlowClose(Toxic):
    """Passes the end of the stream on only after ``delay`` milliseconds."""

    kind: ClassVar[str] = "slow_close"
    delay: int = whole()

    def finish(self, stub: Stub) -> None:
        """Wait first; a removal in between passes the end on at once."""
        stub.alarm(self.delay / 1000, stub.pass_end)
