"""Everything that a rule may look at: the visible records of an order's request, put in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from boundary.log_messages import LOG_EVENT_RECEIVED, LOG_JOB_ACCEPTED
from evidence.model.trace import Record, Trace, service
from evidence.orders import words
from evidence.orders.beliefs import beliefs
from evidence.orders.crossings import crossings, of_boundary
from evidence.orders.facts import facts
from evidence.orders.known import known_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evidence.model.change import Change
    from evidence.model.crossing import Crossing
    from evidence.model.knowledge import Knowledge
    from evidence.model.perspective import Seen
    from evidence.windows import FaultWindow
    from telemetry.records import LogRecord


@dataclass(frozen=True)
class Case:
    """One request from one perspective. Made by :func:`case_of`."""

    seen: Seen
    crossings: tuple[Crossing, ...]
    beliefs: tuple[Change, ...]
    facts: tuple[Change, ...]
    truncated: bool
    deliveries: tuple[Crossing, ...]
    callbacks: tuple[Crossing, ...]
    client_calls: tuple[Crossing, ...]
    known: Knowledge
    windows: Sequence[FaultWindow] = ()

    @property
    def trace(self) -> Trace:
        """The visible records."""
        return self.seen.trace

    @property
    def belief(self) -> Change:
        """What the API believes last."""
        return self.beliefs[-1]

    @property
    def fact(self) -> Change:
        """What the worker is last known to have done."""
        return self.facts[-1]

    @property
    def sees_api(self) -> bool:
        """Whether this perspective shows the API's records."""
        return self.seen.sees(words.API)

    @property
    def sees_worker(self) -> bool:
        """Whether this perspective shows the worker's records."""
        return self.seen.sees(words.WORKER)

    @property
    def is_order(self) -> bool:
        """Whether the records are of an order of the lab."""
        own_spans = {words.SPAN_PLACE, words.SPAN_DELIVER, words.SPAN_RESERVE, words.SPAN_CALLBACK}
        return (
            len(self.beliefs) > 1
            or len(self.facts) > 1
            or any(span.name in own_spans for span in self.trace.spans)
            or any(crossing.boundary in words.ENDS for crossing in self.crossings)
        )

    def of(self, name: str) -> tuple[Record, ...]:
        """The visible records of the service ``name``."""
        return tuple(record for record in self.trace.records if service(record) == name)

    @property
    def job_at_worker(self) -> tuple[Record, ...]:
        """The visible records that show that the job arrived at the worker.

        Not every record of the worker's does: the API may have asked it what became of an order.
        """
        arrivals = [arrival for crossing in self.deliveries for arrival in crossing.arrivals]
        logs = [log for log in self.trace.logs_with_message(LOG_JOB_ACCEPTED) if _by_worker(log)]
        outcome = [record for record in self.fact.records if _by_worker(record)]
        callbacks = [record for crossing in self.callbacks for record in crossing.sender_records]
        return (*arrivals, *logs, *outcome, *callbacks)

    @property
    def events(self) -> list[LogRecord]:
        """The arrivals of the worker's event, as the API logged them."""
        logs = self.trace.logs_with_message(LOG_EVENT_RECEIVED)
        return [log for log in logs if service(log) == words.API]

    @property
    def event(self) -> LogRecord | None:
        """The first arrival of the worker's event; None if none is seen."""
        return next(iter(self.events), None)


def case_of(seen: Seen, *, truncated: bool = False, windows: Sequence[FaultWindow] = ()) -> Case:
    """Put the visible records in order; ``windows`` are faults of which the lab itself knows."""
    found = crossings(seen.trace)
    believed, done = beliefs(seen), facts(seen)
    deliveries = of_boundary(found, words.API_TO_WORKER)
    callbacks = of_boundary(found, words.WORKER_TO_API)
    return Case(
        seen,
        found,
        believed,
        done,
        truncated,
        deliveries,
        callbacks,
        of_boundary(found, words.CLIENT_TO_API),
        known_of(seen.trace, deliveries, callbacks, believed, done),
        windows,
    )


def _by_worker(record: Record) -> bool:
    return service(record) == words.WORKER
