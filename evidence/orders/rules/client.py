"""The client's own call failed: the API has no record of it, or does not know what it has done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.message import Message
from boundary.log_messages import LOG_OUTCOME_UNKNOWN
from evidence.model.finding import Finding, Sentence, sentence
from evidence.model.trace import moment, service, text
from evidence.orders import words
from evidence.orders.rules.phrases import ask_api, failure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidence.model.trace import Record
    from evidence.orders.case import Case
    from telemetry.records import LogRecord


def client(case: Case) -> Finding | None:
    """Nothing is known but that the client's call failed."""
    calls = [crossing for crossing in case.client_calls if crossing.failed]
    if not calls or case.of(words.API) or case.of(words.WORKER):
        return None
    last = calls[-1]
    if last.never_sent:
        judged = sentence("certain", Message("client.never_sent"), *last.outcome_records)
    else:
        judged = sentence("unknown", Message("client.arrival_unknown"), *last.outcome_records)
    settles = sentence("settles", Message("client.settles"))
    return Finding(Message("client.headline"), (failure(last), judged, settles))


def commit(case: Case) -> Finding | None:
    """The API's database broke off, and nothing else is on record of what became of the order."""
    if _log(case) is None or case.deliveries or case.job_at_worker or case.events:
        return None
    return Finding(Message("commit.headline"), tuple(_sentences(case)))


def lost_commit(case: Case) -> Iterator[Sentence]:
    """What the API could not know when it answered, beside what became of the order."""
    if case.deliveries or case.job_at_worker or case.events:
        yield from _sentences(case)


def _sentences(case: Case) -> Iterator[Sentence]:
    log = _log(case)
    if log is None:
        return
    yield sentence("fact", Message("commit.broke_off"), log)
    yield sentence("unknown", Message("commit.unknown"), log)
    later = _handled_later(case, log)
    if later:
        yield sentence("settles", Message("commit.was_stored"), *later[:1])
    else:
        yield ask_api(case)


def _log(case: Case) -> LogRecord | None:
    """The first line by which the API says so."""
    logs = case.trace.logs_with_message(LOG_OUTCOME_UNKNOWN)
    return next((log for log in logs if service(log) == words.API), None)


def _handled_later(case: Case, log: LogRecord) -> list[Record]:
    """Records of the API's that show it to have the very order: it read it from its database."""
    order = text(log, "orderId")
    sent = [record for each in case.deliveries for record in each.sender_records]
    decided = [record for change in case.beliefs for record in change.records]
    return [
        record
        for record in (*sent, *decided)
        if order
        and service(record) == words.API
        and text(record, "order.id", "orderId") == order
        and moment(record) > moment(log)
    ]
