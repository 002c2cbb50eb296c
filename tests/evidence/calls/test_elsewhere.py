"""A message whose taker works in a trace of its own, and only links to the sender's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from evidence.evaluation import evidence_of
from telemetry.records import SpanLink
from tests.evidence.calls.run import TRACE, Run

if TYPE_CHECKING:
    from evidence.wire import EvidenceJson
    from telemetry.records import Span

OTHER = "c" * 32
QUEUE = {"messaging.system": "kafka", "messaging.destination.name": "orders"}


def in_another_trace(span: Span, *linked: Span) -> Span:
    links = [SpanLink(each.trace_id, each.span_id) for each in linked]
    return replace(span, trace_id=OTHER, span_id=f"{span.seq:08x}{1:08x}", links=links)


def sent(number: int = 1) -> Run:
    run = Run()
    root = run.span("web", "POST /checkout", 0, 40, kind="SERVER")
    for n in range(number):
        run.span("web", "send orders", 5 + n, 10, parent=root, kind="PRODUCER", more=QUEUE)
    return run


def taken(*senders: Span, **more: Any) -> Span:
    operation = {**QUEUE, "messaging.operation.type": "process"}
    made = Run().span("billing", "process orders", 110, 400, kind="CONSUMER", more=operation)
    return replace(in_another_trace(made, *senders), **more)


def of(run: Run, *elsewhere: Span, perspective: str = "all", at: int | None = None) -> EvidenceJson:
    return evidence_of(
        run.spans, [], trace_id=TRACE, perspective=perspective, elsewhere=elsewhere, at=at
    )


def codes(found: EvidenceJson) -> set[str]:
    diagnosis = found["diagnosis"]
    return {diagnosis["code"], *(each["code"] for each in diagnosis["sentences"])}


def test_who_took_it_is_told_and_its_taking_is_not_called_unknown() -> None:
    run = sent()
    found = of(run, taken(run.spans[1]))
    assert found["diagnosis"]["headline"] == "No error on record"
    assert (
        "billing took the message of web from orders in a trace of its own, 100 ms after it had"
        " been handed over by the clocks of both: its span “process orders” links to this one."
    ) in [each["text"] for each in found["diagnosis"]["sentences"]]
    assert "calls.not_taken" not in codes(found)
    assert found["lanes"] == ["web", "billing"]
    assert found["truths"]["moments"][-1]["callee"]["fact"] == "done"


def test_every_proof_is_a_record_of_this_trace() -> None:
    run = sent()
    failed = taken(run.spans[1], status_code="ERROR", status_message="no amount")
    found = of(run, failed)
    own = {span.span_id for span in run.spans}
    proofs = [proof["id"] for each in found["diagnosis"]["sentences"] for proof in each["proofs"]]
    proofs += [proof["id"] for each in found["truths"]["moments"] for proof in each["proofs"]]
    assert {*proofs} <= own


def test_a_taker_that_failed_there_is_the_headline() -> None:
    run = sent()
    found = of(run, taken(run.spans[1], status_code="ERROR", status_message="no amount"))
    assert found["diagnosis"]["headline"] == "billing failed at a message from orders"
    assert {"calls.taken_elsewhere_after", "calls.span_failed_saying", "calls.sender_not_told"} <= (
        codes(found)
    )


def test_a_sender_itself_knows_nothing_of_it() -> None:
    run = sent()
    found = of(run, taken(run.spans[1]), perspective="web")
    assert "calls.not_taken" in codes(found)
    assert found["lanes"] == ["web", "orders"]


def test_before_it_was_taken_nobody_could_know_of_it() -> None:
    run = sent()
    taker = taken(run.spans[1])
    assert "calls.not_taken" in codes(of(run, taker, at=taker.start_time_unix_nano - 1))


def test_a_taker_whose_clock_is_behind_is_told_without_a_time() -> None:
    run = sent()
    early = taken(run.spans[1], start_time_unix_nano=run.spans[0].start_time_unix_nano)
    assert "calls.taken_elsewhere" in codes(of(run, early))


@pytest.mark.parametrize("has_parent", [False, True])
def test_a_batch_names_whence_its_messages_came(has_parent: bool) -> None:
    senders = [
        replace(span, trace_id=OTHER, span_id=f"{n:016x}")
        for n, span in enumerate(sent(3).spans[1:], 10)
    ]
    links = [SpanLink(each.trace_id, each.span_id) for each in senders]
    run = Run()
    receive = {**QUEUE, "messaging.operation.type": "receive"}
    poll = run.span("billing", "poll orders", 0, 5, kind="CLIENT", more=receive)
    work = run.span(
        *("billing", "process orders", 5, 90),
        parent=poll if has_parent else None,
        kind="CONSUMER",
        more={**QUEUE, "messaging.operation.type": "process"},
    )
    run.spans = [replace(poll, links=links), replace(work, links=links)]
    found = of(run, *senders)
    assert found["diagnosis"]["sentences"][0]["text"] == (
        "“process orders” of billing took 3 messages from orders that were sent in other traces,"
        " by web."
    )
    assert found["lanes"] == ["web", "billing"]
    assert len([one for one in found["messages"] if one["kind"] == "request"]) == 1
