"""What a report is made of: all that is known of one run. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Told:
    """One run, as its files have it.

    ``state`` is ``run.json``, ``journal`` Chaos Toolkit's, ``history`` the clients' operations, and
    ``gathered`` what the lab held and recorded in the end (`experiments.gather`).
    """

    state: Mapping[str, Any]
    journal: Mapping[str, Any]
    history: Sequence[Mapping[str, Any]] = ()
    gathered: Mapping[str, Any] = field(default_factory=dict)

    @property
    def description(self) -> str:
        """What the experiment shows, in its file's words."""
        text = str(self.journal.get("experiment", {}).get("description", "")).strip()
        return gettext(text) if text else ""

    @property
    def tags(self) -> list[str]:
        """The experiment's tags."""
        return [str(each) for each in self.journal.get("experiment", {}).get("tags", ())]

    @property
    def final(self) -> Mapping[str, Mapping[str, Any]]:
        """What both services hold of each request in the end: ``{status, reservations}``."""
        final: Mapping[str, Mapping[str, Any]] = self.gathered.get("final", {})
        return final
