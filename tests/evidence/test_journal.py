"""The journals of the links are the network's evidence: seen by who sees all, and no side's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evidence.evaluation import evidence_of
from evidence.model.trace import Trace
from telemetry.records import LogRecord, Resource
from tests.evidence import build

if TYPE_CHECKING:
    from evidence.wire import EvidenceJson
    from telemetry.records import AttributeValue

REACHED = (
    "The journal of the link api-to-worker: the request reached the side of the worker at"
    " 22:13:20.009 UTC."
)
ANSWER_DROPPED = (
    "The journal of the link api-to-worker: an answer came from the worker at 22:13:20.040 UTC, and"
    " the link dropped it, or a part of it."
)


def journal(story: build.Story, action: str, ms: float, stream: str, **more: float) -> None:
    """Add what the link noted of the API's call to the worker."""
    client = next(each for each in story.spans if each.kind == "CLIENT" and _is_api(each.resource))
    attributes: dict[str, AttributeValue] = {
        "lab.link": "api-to-worker",
        "lab.link.stream": stream,
        "lab.toxic.action": action,
        "request.id": build.REQUEST_ID,
        **{f"lab.toxic.{name}": value for name, value in more.items()},
    }
    story.logs.append(
        LogRecord(
            build.at(ms),
            body="api-to-worker: …",
            attributes=attributes,
            trace_id=build.TRACE_ID,
            span_id=client.span_id,
            resource=Resource({"service.name": "network"}),
            seq=1_000 + len(story.logs),
        )
    )


def _is_api(resource: Resource) -> bool:
    return resource.service_name == "api"


def evidence(story: build.Story, perspective: str = "all") -> EvidenceJson:
    return evidence_of(story.spans, story.logs, trace_id=build.TRACE_ID, perspective=perspective)


def settling(found: EvidenceJson) -> list[str]:
    return [each["text"] for each in found["diagnosis"]["sentences"] if each["kind"] == "settles"]


def test_it_says_that_the_request_arrived_and_the_answer_was_lost() -> None:
    story = build.response_lost()
    journal(story, "reached", 9, "upstream")
    journal(story, "dropped", 40, "downstream")
    found = evidence(story)
    assert settling(found)[-2:] == [REACHED, ANSWER_DROPPED]
    proofs = [each["proofs"] for each in found["diagnosis"]["sentences"] if each["text"] == REACHED]
    assert [each["service"] for each in proofs[0]] == ["network"]


@pytest.mark.parametrize(
    ("action", "stream", "told"),
    [
        ("dropped", "upstream", "it dropped bytes of the request at"),
        ("delayed", "upstream", "it held the request back, for 7 ms at most"),
        ("delayed", "downstream", "it held the answer back, for 7 ms at most"),
        ("answered", "upstream", "the link itself answered at"),
        ("duplicated", "upstream", "it delivered the request once more at"),
        ("reset", "downstream", "it reset the connection at"),
        ("closed", "upstream", "it closed the connection at"),
    ],
)
def test_each_act_of_a_link_has_its_words(action: str, stream: str, told: str) -> None:
    story = build.request_lost()
    journal(story, action, 9, stream, delay_ms=7.2)
    assert told in settling(evidence(story))[-1]


@pytest.mark.parametrize("perspective", ["api", "worker"])
def test_a_side_does_not_know_it(perspective: str) -> None:
    plain, story = build.response_lost(), build.response_lost()
    journal(story, "reached", 9, "upstream")
    found, without = evidence(story, perspective), evidence(plain, perspective)
    assert found["diagnosis"] == without["diagnosis"]
    assert found["records"] == without["records"]
    assert found["hidden"]["logs"] == without["hidden"]["logs"] + 1


def test_it_changes_nothing_of_what_the_sides_prove() -> None:
    plain, story = build.response_lost(), build.response_lost()
    journal(story, "reached", 9, "upstream")
    found, without = evidence(story), evidence(plain)
    for key in ("checklist", "truths", "messages", "perspectives", "lanes"):
        assert found[key] == without[key]
    sentences = [e for e in found["diagnosis"]["sentences"] if "journal" not in e["text"]]
    assert sentences == without["diagnosis"]["sentences"]


def test_in_the_prompt_it_stands_with_the_records() -> None:
    story = build.response_lost()
    journal(story, "reached", 9, "upstream")
    assert any("network" in line for line in evidence(story)["records"]["logs"])


def test_a_service_that_others_call_network_is_one_as_any() -> None:
    log = LogRecord(1, body="up", resource=Resource({"service.name": "network"}))
    assert Trace([], [log]).logs == (log,)
