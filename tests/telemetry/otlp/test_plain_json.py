"""What is read into typed fields is what the general reader makes of it, whatever is written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st
from opentelemetry.sdk.resources import Resource

from telemetry.errors import Malformed, TooLarge
from telemetry.instrument.encoding import logs_request, trace_request
from telemetry.instrument.logs import EmittedRecord
from telemetry.instrument.tracer import Tracers
from telemetry.otlp import from_json, json_text, to_json
from telemetry.otlp.decoding import plain_json
from tests.support.properties import for_all
from tests.telemetry.otlp.strategies import LOGS, SPANS

if TYPE_CHECKING:
    from collections.abc import Callable

    from telemetry.instrument.span import RecordedSpan

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([-1, 0, 1, 6, 25, 2**31, 2**32 - 1, 2**32, 2**63, 2**64, 1.0, 1.5, -0.0]),
    st.sampled_from(["", "1", "-1", "0" * 18, "9" * 18, "9" * 19, "9" * 20, "9" * 40, "1.0"]),
    st.sampled_from(["١", "²", "NaN", "a" * 32, "B" * 16, "0" * 32, "SPAN_KIND_SERVER", "ERROR"]),
    st.sampled_from([[], {}, [None], [[]], [{}], ["x"], {"key": "k"}, {"unknown": 1}]),
    st.sampled_from(
        [{"stringValue": ""}, {"intValue": 1.0}, {"doubleValue": 1}, {"bytesValue": ""}]
    ),
    st.sampled_from([{"intValue": "1", "stringValue": "s"}, {"boolValue": False, "intValue": "2"}]),
    st.sampled_from([{"intValue": -(2**63) - 1}, {"doubleValue": "NaN"}, {"stringValue": None}]),
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """List where something stands within ``value``: a container, and its key or index there."""
    found: list[tuple[Any, Any]] = []
    keys = list(value) if isinstance(value, dict) else range(len(value))
    for key in keys:
        found.append((value, key))
        if isinstance(value[key], dict | list):
            found += places(value[key])
    return found


@st.composite
def documents(draw: st.DrawFn, whole: st.SearchStrategy[dict[str, Any]]) -> dict[str, Any]:
    """Documents in which one thing is another one, has another beside it, or is missing."""
    document = draw(whole)
    container, key = draw(st.sampled_from(places(document)))
    odd = draw(ODD)
    match draw(st.sampled_from(["left", "changed", "added", "gone"])):
        case "changed":
            container[key] = odd
        case "added" if isinstance(container, dict):
            container[draw(st.sampled_from(["unknown", "links", "events", "value"]))] = odd
        case "added":
            container.append(odd)
        case "gone":
            del container[key]
    return document


def outcome(read: Callable[[list[str]], Any]) -> tuple[list[str], list[str]]:
    """What was made and what was refused, in any order, or why nothing can be read."""
    problems: list[str] = []
    try:
        made = list(read(problems))
    except (Malformed, TooLarge) as error:
        return [type(error).__name__, str(error)], []
    return sorted(map(repr, made)), sorted(problems)


@for_all(documents(st.lists(SPANS, min_size=1, max_size=3).map(to_json.traces)), examples=150)
def test_spans_are_what_the_general_reader_makes(document: dict[str, Any]) -> None:
    body = json.dumps(document).encode()
    plain = outcome(lambda problems: plain_json.each_span(body, problems))
    assert plain == outcome(lambda problems: from_json.each_span(from_json.parse(body), problems))


@for_all(documents(st.lists(LOGS, min_size=1, max_size=3).map(to_json.logs)), examples=150)
def test_log_records_are_what_the_general_reader_makes(document: dict[str, Any]) -> None:
    body = json.dumps(document).encode()
    plain = outcome(lambda problems: plain_json.each_log(body, problems))
    assert plain == outcome(lambda problems: from_json.each_log(from_json.parse(body), problems))


def body_with(written: str, *others: str) -> bytes:
    """Write a request with a span that has the members ``written``, and with ``others``."""
    ids = f'"traceId": "{"a" * 32}", "spanId": "{"b" * 16}"'
    records = ", ".join([f"{{{ids}, {written}}}", *others])
    return f'{{"resourceSpans": [{{"scopeSpans": [{{"spans": [{records}]}}]}}]}}'.encode()


@pytest.mark.parametrize(
    "body",
    [
        body_with(r'"name": "cut \ud83d off"'),
        body_with('"name": "NAME"').replace(b"NAME", b"cut \xff off"),
        body_with('"unknown": ' + "[" * 2_000 + "]" * 2_000),
        body_with('"name": "first", "name": "last"'),
        body_with('"flags": 1e400'),
        body_with('"flags": NaN'),
        body_with('"name": "a", '),
        body_with('"name": "a"', '{"traceId": '),
        b"\xef\xbb\xbf" + body_with('"name": "a"'),
        body_with('"name": "a"') + b"]",
        b"",
        b"[]",
        b"{}",
        b'{"resourceSpans": {}}',
        b'{"resourceSpans": [{"resource": 1, "scopeSpans": [{"spans": [{}, 2]}]}]}',
    ],
)
def test_bytes_that_are_odd_json_mean_the_same(body: bytes) -> None:
    kind, *_ = plain = outcome(lambda problems: plain_json.each_span(body, problems))
    general = outcome(lambda problems: from_json.each_span(from_json.parse(body), problems))
    if "Malformed" in kind:
        # Where in the body it is may be said differently.
        assert general[0][0] == "Malformed"
    else:
        assert plain == general


def test_a_body_of_too_many_elements_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "MAX_ELEMENTS", 20)
    with pytest.raises(TooLarge):
        list(plain_json.each_span(body_with('"name": "a"', *["{}"] * 20), []))


def test_what_the_labs_own_services_send_is_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    spans: list[RecordedSpan] = []
    tracer = Tracers(baggage_keys=(), started=lambda _: None, ended=spans.append).get_tracer("lab")
    with tracer.start_as_current_span("outer", attributes={"lab.attempt": 1, "lab.late": True}):
        with tracer.start_as_current_span("inner") as inner:
            inner.add_event("thought abandoned", {"lab.share": 0.5})
        context = inner.get_span_context()
    record = EmittedRecord("lab", 1, 2, 9, "INFO", "said", {"orderId": "o"}, context)

    def refuse(*_: object) -> None:
        raise AssertionError("it was left to the general reader")

    monkeypatch.setattr(plain_json._TRACES, "_others", refuse)
    monkeypatch.setattr(plain_json._LOGS, "_others", refuse)
    resource = Resource({"service.name": "api"})
    names = [span.name for span in plain_json.each_span(trace_request(resource, spans), [])]
    assert names == ["inner", "outer"]
    [log] = plain_json.each_log(logs_request(resource, [record]), [])
    assert (log.body, log.span_id) == ("said", f"{context.span_id:016x}")
