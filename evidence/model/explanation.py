"""The whole explanation of a trace from one perspective."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from evidence.model.checklist import Entry
    from evidence.model.finding import Finding
    from evidence.model.moment import Moment
    from evidence.model.sent import SentMessage


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the rules found.

    ``truths_of`` names the two sides of ``truths``, ``lanes`` those who call or are called, in
    order of the first call, and ``perspectives`` those from whose side one can look.
    """

    of: Literal["order", "calls"]
    finding: Finding
    checklist: tuple[Entry, ...]
    truths: tuple[Moment, ...]
    truths_of: tuple[str, str]
    messages: tuple[SentMessage, ...]
    lanes: tuple[str, ...]
    perspectives: tuple[str, ...]
