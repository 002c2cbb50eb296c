"""Whatever the records are, the evidence is computed, and refers to what that side can see."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.utils.translation import override
from hypothesis import strategies as st

from boundary import log_messages
from evidence.evaluation import evidence_of
from evidence.explanation import perspectives_of
from evidence.model.trace import Trace
from evidence.orders import words
from evidence.orders.words import PERSPECTIVES
from evidence.prompt import LONGEST
from evidence.rendering import rendered
from telemetry.records import AttributeValue, LogRecord, Resource, Span, SpanKind, SpanState
from tests.evidence import build
from tests.support.properties import for_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from evidence.model.perspective import Perspective
    from evidence.wire import EvidenceJson

JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")
SERVICES = st.sampled_from(["client", "api", "worker", "cart"])
IDS = st.sampled_from(["", *(f"{n:016x}" for n in range(1, 8))])
NAMES = st.sampled_from(
    [
        words.SPAN_CLICK,
        words.SPAN_PLACE,
        words.SPAN_DELIVER,
        words.SPAN_RESERVE,
        words.SPAN_CALLBACK,
        words.SPAN_CONFIRM,
        words.SPAN_REJECT,
        "POST",
        "POST /orders",
        "POST /jobs/reserve-stock",
        "POST /internal/order-events",
        "",
    ]
)
MESSAGES = st.sampled_from(
    [text for name, text in vars(log_messages).items() if name.startswith("LOG_")]
    + ["x", "{}%s%(a)s"]
)
TIMES = st.one_of(st.just(0), st.integers(0, 2**63), st.integers(build.at(0), build.at(6_000)))
VALUES: st.SearchStrategy[AttributeValue] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    # Japanese that a sender wrote is none of a translation.
    st.text(max_size=8).filter(lambda text: not JAPANESE.search(text)),
    st.binary(max_size=4),
    st.lists(st.integers(), max_size=2),
    st.sampled_from(
        ["read_timeout", "connect_refused", "reset", "http_5xx", "RESERVED", "api->worker"]
    ),
)
KEYS = st.sampled_from(
    [
        "lab.boundary",
        "error.type",
        "errorKind",
        "lab.attempt",
        "lab.max_attempts",
        "lab.timeout_ms",
        "lab.elapsed_ms",
        "elapsedMs",
        "lab.reservation",
        "eventType",
        "http.response.status_code",
        "order.id",
        "requestId",
        "authorization",
    ]
)
ATTRIBUTES = st.dictionaries(KEYS, VALUES, max_size=5)
KINDS: st.SearchStrategy[SpanKind] = st.sampled_from(
    ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"]
)
STATES: st.SearchStrategy[SpanState] = st.sampled_from(["open", "ended", "abandoned"])


def resource(service: str) -> Resource:
    return Resource({"service.name": service})


SPANS = st.builds(
    Span,
    trace_id=st.just(build.TRACE_ID),
    span_id=IDS,
    parent_span_id=IDS,
    name=NAMES,
    start_time_unix_nano=TIMES,
    end_time_unix_nano=TIMES,
    kind=KINDS,
    status_code=st.sampled_from(["UNSET", "OK", "ERROR"]),
    attributes=ATTRIBUTES,
    resource=SERVICES.map(resource),
    state=STATES,
)
LOGS = st.builds(
    LogRecord,
    time_unix_nano=TIMES,
    severity_number=st.integers(0, 24),
    body=st.one_of(MESSAGES, VALUES),
    attributes=ATTRIBUTES,
    trace_id=st.just(build.TRACE_ID),
    span_id=IDS,
    resource=SERVICES.map(resource),
    seq=st.integers(1, 1_000),
)


def explain(
    spans: Sequence[Span], logs: Sequence[LogRecord], perspective: Perspective
) -> EvidenceJson:
    return evidence_of(spans, logs, trace_id=build.TRACE_ID, perspective=perspective)


def check(spans: Sequence[Span], logs: Sequence[LogRecord], perspective: Perspective) -> None:
    found = explain(spans, logs, perspective)
    visible = {
        ("span", span.span_id, span.resource.service_name)
        for span in spans
        if perspective in ("all", span.resource.service_name)
    } | {
        ("log", str(log.seq), log.resource.service_name)
        for log in logs
        if perspective in ("all", log.resource.service_name)
    }
    proofs = [
        *(proof for each in found["diagnosis"]["sentences"] for proof in each["proofs"]),
        *(proof for one in found["truths"]["moments"] for proof in one["proofs"]),
        *(one for entry in found["checklist"] for one in entry["found"]),
    ]
    assert {(proof["type"], proof["id"], proof["service"]) for proof in proofs} <= visible
    assert found["diagnosis"]["headline"]
    assert found["diagnosis"]["sentences"]
    assert len(found["prompt"]) <= LONGEST
    assert len({one["id"] for one in found["messages"]}) == len(found["messages"])


@for_all(
    st.lists(SPANS, max_size=12),
    st.lists(LOGS, max_size=8),
    st.sampled_from(PERSPECTIVES),
    examples=40,
)
def test_any_records_are_explained_by_what_their_side_can_see(
    spans: list[Span], logs: list[LogRecord], perspective: Perspective
) -> None:
    check(spans, logs, perspective)


@for_all(
    st.data(), st.sampled_from(sorted(build.STORIES)), st.sampled_from(PERSPECTIVES), examples=40
)
def test_any_part_of_a_story_is_explained_by_what_its_side_can_see(
    data: st.DataObject, name: str, perspective: Perspective
) -> None:
    story = build.STORIES[name]()
    spans = [span for span in story.spans if data.draw(st.booleans())]
    logs = [log for log in story.logs if data.draw(st.booleans())]
    check(spans, logs, perspective)


SIDES = [
    (name, side)
    for name, story in sorted(build.STORIES.items())
    for side in perspectives_of(Trace(story().spans, story().logs))[1:]
]


@pytest.mark.parametrize(("name", "perspective"), SIDES)
def test_the_other_sides_records_change_nothing_of_what_a_side_sees(
    name: str, perspective: Perspective
) -> None:
    story = build.STORIES[name]()
    own = build.Story(
        spans=[span for span in story.spans if span.resource.service_name == perspective],
        logs=[log for log in story.logs if log.resource.service_name == perspective],
    )
    whole = explain(story.spans, story.logs, perspective)
    alone = explain(own.spans, own.logs, perspective)
    for part in ("diagnosis", "checklist", "truths", "messages", "requestId", "orderId"):
        assert whole[part] == alone[part]


@pytest.mark.parametrize("name", sorted(build.STORIES))
def test_the_order_of_arrival_changes_nothing(name: str) -> None:
    story = build.STORIES[name]()
    assert explain(story.spans, story.logs, "all") == explain(
        story.spans[::-1], story.logs[::-1], "all"
    )


def sentences(found: Mapping[str, Any]) -> Iterator[str]:
    """Every text that is made from a code."""
    coded = [
        found["diagnosis"] | {"text": found["diagnosis"]["headline"]},
        *found["diagnosis"]["sentences"],
        *(one | {"text": one["why"]} for entry in found["checklist"] for one in entry["missing"]),
        *(moment[side] for moment in found["truths"]["moments"] for side in ("caller", "callee")),
        *(one | {"text": one["label"]} for one in found["messages"] if one["code"]),
    ]
    for one in coded:
        assert one["code"]
        yield one["text"]


def check_languages(
    spans: Sequence[Span], logs: Sequence[LogRecord], perspective: Perspective
) -> None:
    with override("en"):
        english = json.loads(json.dumps(explain(spans, logs, perspective)))
    with override("ja"):
        japanese = json.loads(json.dumps(explain(spans, logs, perspective)))
        assert rendered(english) == japanese
    with override("en"):
        assert rendered(japanese) == english
    assert all(JAPANESE.search(text) for text in sentences(japanese))
    assert not any(JAPANESE.search(text) for text in sentences(english))


@for_all(
    st.lists(SPANS, max_size=12),
    st.lists(LOGS, max_size=8),
    st.sampled_from(PERSPECTIVES),
    examples=40,
)
def test_what_was_stored_in_english_is_read_in_japanese_without_an_english_sentence(
    spans: list[Span], logs: list[LogRecord], perspective: Perspective
) -> None:
    check_languages(spans, logs, perspective)


@pytest.mark.parametrize("perspective", PERSPECTIVES)
@pytest.mark.parametrize("name", sorted(build.STORIES))
def test_every_story_reads_in_either_language(name: str, perspective: Perspective) -> None:
    story = build.STORIES[name]()
    check_languages(story.spans, story.logs, perspective)


def test_texts_that_were_stored_without_codes_stay_as_they_are() -> None:
    story = build.b_socket()
    with override("en"):
        stored = dict(explain(story.spans, story.logs, "all"))
    without: dict[str, Any] = json.loads(json.dumps(stored), object_hook=_without_code)
    del without["records"]
    with override("ja"):
        assert rendered(without) == without


def test_a_code_that_is_not_known_leaves_the_stored_text() -> None:
    story = build.b_socket()
    with override("en"):
        stored: dict[str, Any] = dict(explain(story.spans, story.logs, "all"))
    stored["diagnosis"]["sentences"][0]["code"] = "of.a.later.version"
    text = stored["diagnosis"]["sentences"][0]["text"]
    with override("ja"):
        again = rendered(stored)
    assert again["diagnosis"]["sentences"][0]["text"] == text
    assert again["diagnosis"]["sentences"][1]["text"] != stored["diagnosis"]["sentences"][1]["text"]


def _without_code(part: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in part.items() if key not in ("code", "params")}
