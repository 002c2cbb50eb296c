"""What is recorded and encoded here means what the SDK's own recorder and encoder make of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st
from opentelemetry import baggage
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    Tracer,
    set_span_in_context,
)
from opentelemetry.trace.span import TraceState

from telemetry.instrument.encoding import trace_request
from telemetry.instrument.tracer import Tracers
from telemetry.otlp import from_json, from_protobuf
from tests.support.properties import for_all
from tests.telemetry.otlp.strategies import NANOS, TEXTS

if TYPE_CHECKING:
    from telemetry.instrument.span import RecordedSpan
    from telemetry.records import Span

RESOURCE = Resource({"service.name": "api"}, schema_url="s")
NAMED = ("orders", "1", "of-scope", {"a": 1})

_SIMPLE = st.one_of(
    TEXTS, st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False)
)
_ATTRIBUTES = st.dictionaries(
    TEXTS.filter(bool), st.one_of(_SIMPLE, st.lists(TEXTS, max_size=2)), max_size=4
)


def contexts(*states: TraceState) -> st.SearchStrategy[SpanContext]:
    """Contexts of sampled spans with one of some states."""
    return st.builds(
        SpanContext,
        trace_id=st.integers(1, 2**128 - 1),
        span_id=st.integers(1, 2**64 - 1),
        is_remote=st.booleans(),
        trace_flags=st.sampled_from([TraceFlags(1), TraceFlags(3)]),
        trace_state=st.sampled_from([TraceState(), *states]),
    )


@dataclass(frozen=True)
class Course:
    """What is done with a span from its start to its end."""

    name: str = "s"
    renamed: str | None = None
    parent: SpanContext | None = None
    kind: SpanKind = SpanKind.INTERNAL
    given: dict[str, Any] = field(default_factory=dict)
    set_later: dict[str, Any] = field(default_factory=dict)
    events: list[tuple[str, dict[str, Any], int]] = field(default_factory=list)
    links: list[tuple[SpanContext, dict[str, Any]]] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    start: int = 1
    end: int = 2

    def run(self, tracer: Tracer) -> None:
        """Record it, and go on with it after its end, which changes nothing."""
        context = set_span_in_context(NonRecordingSpan(self.parent)) if self.parent else Context()
        span = tracer.start_span(self.name, context, self.kind, self.given, start_time=self.start)
        for at in (self.end, self.end + 1):
            for name, value in self.set_later.items():
                span.set_attribute(name, value)
            for name, attributes, moment in self.events:
                span.add_event(name, attributes, moment)
            for linked, attributes in self.links:
                span.add_link(linked, attributes)
            for status in self.statuses:
                span.set_status(status)
            if self.renamed is not None:
                span.update_name(self.renamed)
            span.end(at)


# The SDK's encoder leaves out the state of a link.
_COURSES = st.builds(
    Course,
    name=TEXTS,
    renamed=st.none() | TEXTS,
    parent=st.none() | contexts(TraceState([("vendor", "1")])),
    kind=st.sampled_from(SpanKind),
    given=_ATTRIBUTES,
    set_later=_ATTRIBUTES,
    events=st.lists(st.tuples(TEXTS, _ATTRIBUTES, NANOS.filter(bool)), max_size=2),
    links=st.lists(st.tuples(contexts(), _ATTRIBUTES), max_size=2),
    statuses=st.lists(
        st.one_of(
            st.builds(Status, st.sampled_from(StatusCode)),
            st.builds(Status, st.just(StatusCode.ERROR), TEXTS),
        ),
        max_size=3,
    ),
    start=NANOS.filter(bool),
    end=NANOS.filter(bool),
)


def by_ours(course: Course) -> list[Span]:
    """Record, encode and decode by what this process uses."""
    ended: list[RecordedSpan] = []
    tracers = Tracers(baggage_keys=(), started=lambda _: None, ended=ended.append)
    course.run(tracers.get_tracer(*NAMED))
    found, problems = from_json.spans(trace_request(RESOURCE, ended))
    assert problems == []
    return [comparable(each) for each in found]


def by_the_sdk(course: Course) -> list[Span]:
    """Do the same by the SDK."""
    finished = InMemorySpanExporter()
    provider = TracerProvider(resource=RESOURCE, shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(finished))
    course.run(provider.get_tracer(*NAMED))
    encoded = encode_spans(finished.get_finished_spans()).SerializeToString()
    found, problems = from_protobuf.spans(encoded)
    assert problems == []
    return [comparable(each) for each in found]


def comparable(span: Span) -> Span:
    """Leave out the ids that are random, and the bits of flags that the SDK leaves out."""
    links = [replace(link, flags=link.flags & ~0xFF) for link in span.links]
    trace_id = span.trace_id if span.parent_span_id else ""
    return replace(span, trace_id=trace_id, span_id="", flags=span.flags & ~0xFF, links=links or ())


@for_all(_COURSES, examples=60)
def test_a_span_means_what_the_sdk_makes_of_it(course: Course) -> None:
    assert by_ours(course) == by_the_sdk(course)


@pytest.mark.parametrize(
    "attributes",
    [
        {"none": None},
        {"list": [1, "two", None]},
        {"tuple": (1, 2)},
        {"map": {"inner": [True]}},
        {"bytes": b"\0\xff"},
        {"member": SpanKind.CLIENT.name},
        {"many": "x" * 100_000},
    ],
    ids=repr,
)
def test_an_odd_attribute_means_what_the_sdk_makes_of_it(attributes: dict[str, Any]) -> None:
    course = Course(given=attributes, set_later=attributes)
    assert by_ours(course) == by_the_sdk(course)


def test_a_value_that_is_none_harms_no_other() -> None:
    (span,) = by_ours(Course(set_later={"odd": Resource, "wide": 2**70, "even": 2}))
    assert span.attributes == {"odd": str(Resource), "wide": str(2**70), "even": 2}


def test_the_limits_of_the_environment_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "2")
    monkeypatch.setenv("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "3")
    monkeypatch.setenv("OTEL_SPAN_EVENT_COUNT_LIMIT", "1")
    monkeypatch.setenv("OTEL_SPAN_LINK_COUNT_LIMIT", "1")
    linked = SpanContext(1, 1, is_remote=True)
    course = Course(
        given={"a": "long text", "b": ["texts too"], "c": 1},
        events=[("first", {}, 1), ("second", {}, 2)],
        links=[(linked, {"n": 1}), (linked, {"n": 2})],
    )
    (span,) = by_ours(course)
    assert span.attributes == {"a": "lon", "b": ["tex"]}
    assert [each.name for each in span.events] == ["second"]
    assert [each.attributes for each in span.links] == [{"n": 2}]
    assert span.dropped_attributes_count == 1
    assert span.dropped_events_count == 1
    assert span.dropped_links_count == 1


@pytest.mark.parametrize(
    ("sampler", "argument", "of_parent", "recorded"),
    [
        ("always_on", "", 0, True),
        ("always_off", "", 1, False),
        ("traceidratio", "0", 1, False),
        ("traceidratio", "1", 0, True),
        ("parentbased_always_off", "", 1, True),
        ("parentbased_always_off", "", None, False),
        ("parentbased_always_on", "", 0, False),
        ("parentbased_traceidratio", "0", None, False),
    ],
)
def test_the_sampler_of_the_environment_decides(
    monkeypatch: pytest.MonkeyPatch,
    sampler: str,
    argument: str,
    of_parent: int | None,
    recorded: bool,
) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", sampler)
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", argument)
    flags = None if of_parent is None else TraceFlags(of_parent)
    parent = None if flags is None else SpanContext(7, 7, is_remote=True, trace_flags=flags)
    course = Course(parent=parent)
    assert bool(by_ours(course)) is recorded
    assert bool(by_the_sdk(course)) is recorded


def test_an_exception_means_what_the_sdk_makes_of_it() -> None:
    def names(tracer: Tracer) -> None:
        with pytest.raises(ZeroDivisionError), tracer.start_as_current_span("fails"):
            1 / 0  # noqa: B018 (it raises)

    ended: list[RecordedSpan] = []
    names(Tracers(baggage_keys=(), started=lambda _: None, ended=ended.append).get_tracer("t"))
    finished = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(finished))
    names(provider.get_tracer("t"))
    (ours,), (sdks,) = ended, finished.get_finished_spans()
    assert (ours.status.status_code, ours.status.description) == (
        sdks.status.status_code,
        sdks.status.description,
    )
    (own,), (their,) = ours.events, sdks.events
    assert own.name == their.name
    assert dict(own.attributes or {}).keys() == dict(their.attributes or {}).keys()
    for name in ("exception.type", "exception.message", "exception.escaped"):
        assert (own.attributes or {})[name] == (their.attributes or {})[name]


def test_baggage_that_is_chosen_is_on_every_span_under_it() -> None:
    ended: list[RecordedSpan] = []
    tracers = Tracers(baggage_keys=("order.id",), started=lambda _: None, ended=ended.append)
    context = baggage.set_baggage("order.id", "7", baggage.set_baggage("other", "x", Context()))
    tracers.get_tracer("t").start_span("s", context).end()
    assert ended[0].attributes == {"order.id": "7"}


def test_a_text_that_is_no_unicode_costs_no_other_span() -> None:
    found = [by_ours(Course(given=each))[0] for each in ({"broken": "\ud800"}, {"whole": "あ"})]
    assert [each.attributes for each in found] == [{"broken": "�"}, {"whole": "あ"}]
