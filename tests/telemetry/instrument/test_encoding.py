"""What the SDK's objects are encoded to means what its own encoder makes of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.exporter.otlp.proto.common._log_encoder import encode_logs
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags
from opentelemetry.trace.span import TraceState

from telemetry.instrument.encoding import logs_request, trace_request
from telemetry.otlp import from_json, from_protobuf
from tests.support.properties import for_all
from tests.telemetry.otlp.strategies import NANOS, TEXTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telemetry.records import Span

_SIMPLE = st.one_of(
    TEXTS, st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False)
)
_ATTRIBUTES = st.dictionaries(
    TEXTS.filter(bool), st.one_of(_SIMPLE, st.lists(TEXTS, max_size=2)), max_size=4
)


def contexts(*states: TraceState) -> st.SearchStrategy[SpanContext]:
    """Contexts of spans with one of some states."""
    return st.builds(
        SpanContext,
        trace_id=st.integers(1, 2**128 - 1),
        span_id=st.integers(1, 2**64 - 1),
        is_remote=st.booleans(),
        trace_flags=st.sampled_from([TraceFlags(0), TraceFlags(1)]),
        trace_state=st.sampled_from([TraceState(), *states]),
    )


# The SDK's encoder leaves out the state of a link.
_LINKED = contexts()
_CONTEXTS = contexts(TraceState([("vendor", "1")]))
_RESOURCES = st.sampled_from([Resource({"service.name": each}) for each in ("api", "worker")])
_SCOPES = st.sampled_from(
    [None, InstrumentationScope("orders"), InstrumentationScope("requests", "1", "s", {"a": 1})]
)
_SPANS = st.builds(
    ReadableSpan,
    name=TEXTS,
    context=_CONTEXTS,
    parent=st.none() | _CONTEXTS,
    resource=_RESOURCES,
    attributes=_ATTRIBUTES,
    events=st.lists(
        st.builds(Event, name=TEXTS, attributes=_ATTRIBUTES, timestamp=NANOS), max_size=2
    ),
    links=st.lists(st.builds(Link, context=_LINKED, attributes=_ATTRIBUTES), max_size=2),
    kind=st.sampled_from(SpanKind),
    status=st.one_of(
        st.builds(Status, st.sampled_from(StatusCode)),
        st.builds(Status, st.just(StatusCode.ERROR), TEXTS),
    ),
    start_time=NANOS,
    end_time=NANOS,
    instrumentation_scope=_SCOPES,
)
_LOGS = st.builds(
    ReadableLogRecord,
    log_record=st.builds(
        LogRecord,
        timestamp=NANOS,
        observed_timestamp=NANOS,
        trace_id=st.just(0) | st.integers(1, 2**128 - 1),
        span_id=st.just(0) | st.integers(1, 2**64 - 1),
        trace_flags=st.sampled_from([TraceFlags(0), TraceFlags(1)]),
        severity_text=TEXTS,
        severity_number=st.sampled_from(SeverityNumber),
        body=_SIMPLE,
        attributes=_ATTRIBUTES,
    ),
    resource=_RESOURCES,
    instrumentation_scope=_SCOPES,
)


@for_all(st.lists(_SPANS, max_size=3), examples=20)
def test_spans_mean_what_the_sdks_encoder_makes_of_them(spans: list[ReadableSpan]) -> None:
    found, problems = from_json.spans(trace_request(spans))
    expected, _ = from_protobuf.spans(encode_spans(spans).SerializeToString())
    assert problems == []
    assert in_order(found) == in_order([without_sampling(each) for each in expected])


def in_order(spans: Sequence[Span]) -> list[Span]:
    """Sort spans, without the bits of their flags that the SDK's encoder leaves out."""
    return sorted((without_sampling(each) for each in spans), key=repr)


def without_sampling(span: Span) -> Span:
    """Leave out whether the span was sampled, which the SDK's encoder does not say."""
    links = [replace(link, flags=link.flags & ~0xFF) for link in span.links]
    return replace(span, flags=span.flags & ~0xFF, links=links or ())


@for_all(st.lists(_LOGS, max_size=3), examples=20)
def test_log_records_mean_what_the_sdks_encoder_makes_of_them(
    records: list[ReadableLogRecord],
) -> None:
    found, problems = from_json.logs(logs_request(records))
    expected, _ = from_protobuf.logs(encode_logs(records).SerializeToString())
    assert problems == []
    assert sorted(found, key=repr) == sorted(expected, key=repr)


def test_a_text_that_is_no_unicode_costs_no_other_record() -> None:
    context = SpanContext(1, 1, is_remote=False)
    attributes: list[dict[str, Any]] = [{"broken": "\ud800"}, {"whole": "あ"}]
    spans = [ReadableSpan("s", context, attributes=each, start_time=1) for each in attributes]
    found, problems = from_json.spans(trace_request(spans))
    assert problems == []
    assert [each.attributes for each in found] == [{"broken": "�"}, {"whole": "あ"}]
