"""No sentence about messages denies what happened to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from tests.evidence.calls.run import Run
from tests.support.properties import for_all

if TYPE_CHECKING:
    from telemetry.records import Span


@dataclass
class Message:
    """One message: when it was handed over, and by whom it was taken, how."""

    sent: Span
    at: float
    taken: list[tuple[str, float, bool]] = field(default_factory=list)


@st.composite
def queues(draw: st.DrawFn) -> tuple[Run, list[Message]]:
    """Senders, and takers that take one message or many, by parent or by links."""
    run, messages = Run(), []
    queue = {"messaging.system": "kafka", "messaging.destination.name": "images"}
    for number in range(draw(st.integers(1, 4))):
        sender = draw(st.sampled_from(["web", "api", "worker"]))
        at = 10.0 * number
        sent = run.span(sender, "images publish", at, at + 2, kind="PRODUCER", more=queue)
        messages.append(Message(sent, at + 2))
    for number in range(draw(st.integers(0, 3))):
        taker = draw(st.sampled_from(["resizer", "audit", "worker"]))
        batch = draw(st.lists(st.sampled_from(range(len(messages))), min_size=1, unique=True))
        failed = draw(st.booleans())
        at = 100.0 + 50 * number
        by_parent = len(batch) == 1 and draw(st.booleans())
        linked = tuple(messages[n].sent for n in batch)
        run.span(
            *(taker, "images process", at, at + 20),
            parent=linked[0] if by_parent else None,
            links=() if by_parent else linked,
            kind="CONSUMER",
            message="bad image" if failed else "",
            more=queue,
        )
        for n in batch:
            messages[n].taken.append((taker, at, failed))
    return run, messages


@for_all(queues(), examples=60)
def test_every_sentence_about_messages_is_true(world: tuple[Run, list[Message]]) -> None:
    run, messages = world
    by_id = {message.sent.span_id: message for message in messages}
    found = run.evidence()["diagnosis"]
    for each in found["sentences"]:
        proved = [by_id[one["id"]] for one in each["proofs"] if one["id"] in by_id]
        if each["code"] == "calls.not_taken":
            assert all(not message.taken for message in proved)
        if each["code"] == "calls.waited":
            [message] = proved
            waits = [at - message.at for taker, at, _ in message.taken]
            assert any(abs(each["params"]["ms"] - wait) <= 1 for wait in waits)
        if each["code"] == "calls.message_taken_twice":
            takers = [taker for message in proved for taker, _, _ in message.taken]
            assert takers.count(each["params"]["callee"]) == each["params"]["times"]
    has_failed = any(failed for message in messages for _, _, failed in message.taken)
    assert (found["code"] == "calls.message_failed_headline") is has_failed


@for_all(queues(), examples=40)
def test_every_message_is_drawn_to_each_who_took_it(world: tuple[Run, list[Message]]) -> None:
    run, messages = world
    drawn = run.evidence()["messages"]
    for message in messages:
        own = [one for one in drawn if one["spanId"] == message.sent.span_id]
        assert len(own) == max(1, len(message.taken))
        assert {one["to"] for one in own} == {taker for taker, _, _ in message.taken} or (
            not message.taken and [one["to"] for one in own] == ["images"]
        )
