"""Everything that a rule may look at: the visible records of a request, put in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from evidence import words
from evidence.crossings import Crossing, crossings, of_boundary
from evidence.proof import Proof, proofs_of
from evidence.trace import Record, Trace, service, text
from evidence.truths import Change, beliefs, facts

if TYPE_CHECKING:
    from evidence.perspective import Seen
    from telemetry.records import LogRecord

SentenceKind: TypeAlias = Literal["fact", "certain", "unknown", "settles"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a diagnosis, with the records that prove it."""

    kind: SentenceKind
    text: str
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule has to say."""

    headline: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Case:
    """One request from one perspective. Made by :func:`case_of`."""

    seen: Seen
    crossings: tuple[Crossing, ...]
    beliefs: tuple[Change, ...]
    facts: tuple[Change, ...]
    truncated: bool = False
    deliveries: tuple[Crossing, ...] = field(default=())
    callbacks: tuple[Crossing, ...] = field(default=())
    client_calls: tuple[Crossing, ...] = field(default=())

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

        Not every record of the worker's does: it may have been asked what became of an order.
        """
        arrivals = [arrival for crossing in self.deliveries for arrival in crossing.arrivals]
        logs = [log for log in self.trace.said(words.SAID_JOB) if service(log) == words.WORKER]
        deeds = [record for record in self.fact.records if service(record) == words.WORKER]
        told = [record for crossing in self.callbacks for record in crossing.sending]
        return (*arrivals, *logs, *deeds, *told)

    @property
    def event(self) -> LogRecord | None:
        """The arrival of the worker's event, as the API logged it; None if that is not seen."""
        events = (log for log in self.trace.said(words.SAID_EVENT) if service(log) == words.API)
        return next(events, None)

    def first_id(self, *keys: str) -> str:
        """The first value of an attribute among all visible records; empty if there is none."""
        return next((value for record in self.trace.records if (value := text(record, *keys))), "")


def case_of(seen: Seen, *, truncated: bool = False) -> Case:
    """Put the visible records in order."""
    found = crossings(seen.trace)
    return Case(
        seen,
        found,
        beliefs(seen),
        facts(seen),
        truncated,
        of_boundary(found, words.API_TO_WORKER),
        of_boundary(found, words.WORKER_TO_API),
        of_boundary(found, words.CLIENT_TO_API),
    )


def sentence(kind: SentenceKind, said: str, *records: Record | None) -> Sentence:
    """Say ``said``, proved by ``records``; absent ones are left out."""
    return Sentence(kind, said, proofs_of(records))
