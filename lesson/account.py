"""What the records of one order say, read out of the lab's answers. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DELIVERED = "job delivered to worker"
NOT_DELIVERED = "failed to deliver job to worker"
EVENT = "event received"
ACCEPTED = "order accepted (pending)"

LATE_SECONDS = 2.0
"""From here on a confirmation is called late."""

_NANOS_PER_SECOND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Account:
    """One order: the evidence of both sides, the API's own log, and in how many traces it is."""

    evidence: Mapping[str, Any]
    api_logs: Sequence[Mapping[str, Any]]
    traces: int = 1

    @property
    def status(self) -> str:
        """What the API believes last."""
        moments = self._moments()
        return str(moments[-1]["api"]["belief"]) if moments else "unknown"

    @property
    def stock(self) -> str:
        """Whether the worker reserved: ``reserved`` or ``nothing``."""
        done = {moment["worker"]["fact"] for moment in self._moments()}
        return "reserved" if "reserved" in done else "nothing"

    @property
    def delivery(self) -> str:
        """How the API's log says that the delivery went: ``delivered``, an error kind, or ``open``.

        The last line counts: what failed at first may have been delivered after all.
        """
        return delivery(self.api_logs)

    @property
    def confirmed(self) -> str:
        """When it was confirmed: ``at_once``, ``late`` or ``never``."""
        pending = self._first("PENDING")
        confirmed = self._first("CONFIRMED")
        if confirmed is None:
            return "never"
        waited = (confirmed - (pending or confirmed)) / _NANOS_PER_SECOND
        return "late" if waited >= LATE_SECONDS else "at_once"

    @property
    def in_traces(self) -> str:
        """Whether everything about it stands in ``one`` trace or in ``several``."""
        return "one" if self.traces == 1 else "several"

    def _moments(self) -> Sequence[Mapping[str, Any]]:
        moments: Sequence[Mapping[str, Any]] = self.evidence["truths"]["moments"]
        return moments

    def _first(self, belief: str) -> int | None:
        for moment in self._moments():
            if moment["api"]["belief"] == belief:
                return int(moment["timeUnixNano"])
        return None


def delivery(api_logs: Sequence[Mapping[str, Any]]) -> str:
    """How these lines of the API say that the delivery went; ``open`` when none says it yet."""
    told = "open"
    for line in api_logs:
        if line["msg"] == DELIVERED:
            told = "delivered"
        elif line["msg"] == NOT_DELIVERED:
            told = str(line["attributes"].get("errorKind") or "unknown")
    return told
