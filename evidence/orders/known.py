"""What either side has on record of an order's job and of its event, and since when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundary.log_messages import LOG_EVENT_RECEIVED, LOG_JOB_ACCEPTED
from evidence.model.knowledge import Clue, Knowledge, clues_of
from evidence.model.trace import moment, service
from evidence.orders import words
from evidence.orders.facts import DONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from evidence.model.change import Change
    from evidence.model.crossing import Crossing
    from evidence.model.trace import Record, Trace

JOB_ARRIVED = "the job reached the worker"
JOB_DONE = "the worker did the job"
EVENT_ARRIVED = "the event reached the API"


def known_of(
    trace: Trace,
    deliveries: Iterable[Crossing],
    callbacks: Iterable[Crossing],
    beliefs: Iterable[Change],
    facts: Iterable[Change],
) -> Knowledge:
    """Judge by these records who knew what of an order, and since when."""
    found = [clue for crossing in deliveries for clue in clues_of(crossing, arrived=JOB_ARRIVED)]
    for crossing in callbacks:
        found += clues_of(crossing, arrived=EVENT_ARRIVED)
        found += _of_callback(crossing)
    found += _of_events(trace)
    found += _of_decisions(beliefs)
    found += _of_work(trace, facts)
    return Knowledge([clue for each in found for clue in _with_what_follows(each)])


def _with_what_follows(clue: Clue) -> Iterator[Clue]:
    """An event reports a job that was done, and only what arrived was done."""
    yield clue
    if clue.claim == EVENT_ARRIVED:
        yield Clue(clue.side, clue.at, JOB_DONE, clue.records)
    if clue.claim in (EVENT_ARRIVED, JOB_DONE):
        yield Clue(clue.side, clue.at, JOB_ARRIVED, clue.records)


def _of_callback(crossing: Crossing) -> Iterator[Clue]:
    """The worker calls back when it has done the job."""
    if crossing.sender_records and crossing.sent_at is not None:
        yield Clue(words.WORKER, crossing.sent_at, JOB_DONE, crossing.sender_records)


def _of_events(trace: Trace) -> Iterator[Clue]:
    for log in trace.logs_with_message(LOG_EVENT_RECEIVED):
        if service(log) == words.API:
            yield Clue(words.API, moment(log), EVENT_ARRIVED, (log,))


def _of_decisions(beliefs: Iterable[Change]) -> Iterator[Clue]:
    """The API confirms and rejects by what it has learned of the worker, and by nothing else."""
    for change in beliefs:
        if change.value in ("CONFIRMED", "REJECTED"):
            yield Clue(words.API, change.unix_nano, JOB_DONE, change.records)


def _of_work(trace: Trace, facts: Iterable[Change]) -> Iterator[Clue]:
    for log in trace.logs_with_message(LOG_JOB_ACCEPTED):
        if service(log) == words.WORKER:
            yield Clue(words.WORKER, moment(log), JOB_ARRIVED, (log,))
    for change in facts:
        own: tuple[Record, ...] = tuple(
            record for record in change.records if service(record) == words.WORKER
        )
        if own:
            claim = JOB_DONE if change.value in DONE else JOB_ARRIVED
            yield Clue(words.WORKER, change.unix_nano, claim, own)
