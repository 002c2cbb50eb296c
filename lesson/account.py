"""What the records of one order say, read out of the lab's answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from boundary.log_messages import LOG_JOB_DELIVERED, LOG_JOB_NOT_DELIVERED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from base.lab import Lab

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
        return str(moments[-1]["caller"]["belief"]) if moments else "unknown"

    @property
    def stock(self) -> str:
        """Whether the worker reserved: ``reserved`` or ``nothing``."""
        done = {moment["callee"]["fact"] for moment in self._moments()}
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
            if moment["caller"]["belief"] == belief:
                return int(moment["timeUnixNano"])
        return None


def find_account(lab: Lab, order_id: str) -> tuple[Account, str] | None:
    """Return what the records say of an order, and its trace; None when there are none yet.

    :raises LabError: the lab could not be asked.
    """
    traces = lab.traces(orderId=order_id)
    if not traces:
        return None
    trace_id = str(traces[-1]["traceId"])
    evidence = lab.evidence(trace_id)
    if evidence is None:
        return None
    return Account(evidence, lab.logs(orderId=order_id, service="api"), len(traces)), trace_id


def delivery(api_logs: Sequence[Mapping[str, Any]]) -> str:
    """How these lines of the API say that the delivery went; ``open`` when none says it yet."""
    outcome = "open"
    for line in api_logs:
        if line["msg"] == LOG_JOB_DELIVERED:
            outcome = "delivered"
        elif line["msg"] == LOG_JOB_NOT_DELIVERED:
            outcome = str(line["attributes"].get("errorKind") or "unknown")
    return outcome
