"""Any span and any log record that OTLP can carry."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from telemetry.records import LogRecord, Resource, Scope, Span, SpanEvent, SpanLink

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
NANOS = st.integers(1, 2**63 - 1)
_PLAIN = st.one_of(
    TEXTS,
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.binary(max_size=8),
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    _PLAIN,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(TEXTS.filter(bool), inner, max_size=3)
    ),
    max_leaves=5,
)
ATTRIBUTES = st.dictionaries(TEXTS.filter(bool), VALUES, max_size=4)
TRACE_IDS = st.integers(1, 2**128 - 1).map(lambda n: f"{n:032x}")
SPAN_IDS = st.integers(1, 2**64 - 1).map(lambda n: f"{n:016x}")
RESOURCES = st.builds(Resource, attributes=ATTRIBUTES)
SCOPES = st.builds(Scope, name=TEXTS, version=TEXTS)


def some(items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Up to two items; none as the decoders give none."""
    return st.lists(items, max_size=2).map(lambda listed: listed or ())


SPANS = st.builds(
    Span,
    trace_id=TRACE_IDS,
    span_id=SPAN_IDS,
    name=TEXTS,
    start_time_unix_nano=NANOS,
    end_time_unix_nano=NANOS,
    parent_span_id=st.one_of(st.just(""), SPAN_IDS),
    kind=st.sampled_from(["INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"]),
    status_code=st.sampled_from(["UNSET", "OK", "ERROR"]),
    status_message=TEXTS,
    attributes=ATTRIBUTES,
    events=some(st.builds(SpanEvent, name=TEXTS, time_unix_nano=NANOS, attributes=ATTRIBUTES)),
    links=some(st.builds(SpanLink, trace_id=TRACE_IDS, span_id=SPAN_IDS, attributes=ATTRIBUTES)),
    resource=RESOURCES,
    scope=SCOPES,
)
LOGS = st.builds(
    LogRecord,
    time_unix_nano=NANOS,
    severity_number=st.integers(0, 24),
    severity_text=TEXTS,
    body=VALUES,
    attributes=ATTRIBUTES,
    trace_id=TRACE_IDS,
    span_id=SPAN_IDS,
    resource=RESOURCES,
    scope=SCOPES,
)
