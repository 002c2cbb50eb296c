"""What one side could have seen: its own records, and nothing of the others'."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from evidence.model.trace import Trace, service

Perspective: TypeAlias = str
"""``all``, or the name of the service from whose side the records are looked at."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a perspective leaves of a trace, and how much it hides."""

    trace: Trace
    perspective: Perspective
    hidden_spans: int = 0
    hidden_logs: int = 0

    @property
    def everything(self) -> bool:
        """Whether the records of every service are seen."""
        return self.perspective == "all"

    def sees(self, name: str) -> bool:
        """Whether the records of the service ``name`` are seen, should there be any."""
        return self.everything or self.perspective == name


def seen_from(trace: Trace, *, perspective: Perspective) -> Seen:
    """Keep what ``perspective`` could have seen of ``trace``.

    What arrived at a side is in its own records: an answer's status on its CLIENT span, a
    request on its SERVER span. So its own records are all that it could have seen; the journals of
    the links are the network's own, and no side's.
    """
    if perspective == "all":
        return Seen(trace, perspective)
    kept = Trace(
        (span for span in trace.spans if service(span) == perspective),
        (log for log in trace.logs if service(log) == perspective),
    )
    return Seen(
        kept,
        perspective,
        hidden_spans=len(trace.spans) - len(kept.spans),
        hidden_logs=len(trace.logs) + len(trace.journal) - len(kept.logs),
    )
