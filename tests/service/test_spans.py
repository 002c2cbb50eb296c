"""The span of a request that a service answers: its name, its parent, what the conventions have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch
from opentelemetry import baggage, trace

from service.http import spans
from service.http.spans import ServerSpans
from telemetry.instrument.tracer import Tracers

if TYPE_CHECKING:
    from django.http import HttpRequest

    from telemetry.instrument.span import RecordedSpan

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[RecordedSpan]:
    """Spans that have ended, in order."""
    found: list[RecordedSpan] = []
    tracers = Tracers(baggage_keys=("order.id",), started=lambda _: None, ended=found.append)
    monkeypatch.setattr(spans, "tracer", tracers.get_tracer("t"))
    return found


def answer(request: HttpRequest, *, route: str = "", status: int = 200) -> HttpResponse:
    """Answer ``request`` by a view of ``route``; of none where it is empty."""

    def respond(request: HttpRequest) -> HttpResponse:
        if route:
            request.resolver_match = ResolverMatch(respond, (), {}, route=route)
            middleware.process_view(request, respond, (), {})
        return HttpResponse(status=status)

    middleware = ServerSpans(respond)
    return middleware(request)  # type: ignore[return-value] # its own view's


def test_it_is_named_by_method_and_route(ended: list[RecordedSpan]) -> None:
    answer(RequestFactory().get("/orders/7?a=b"), route="orders/<str:order_id>")
    (span,) = ended
    assert span.name == "GET /orders/<str:order_id>"
    assert span.kind is trace.SpanKind.SERVER
    assert span.attributes["http.route"] == "/orders/<str:order_id>"
    assert (span.attributes["url.path"], span.attributes["url.query"]) == ("/orders/7", "a=b")
    assert span.attributes["http.response.status_code"] == 200


def test_a_request_that_no_route_takes_is_named_by_its_method(ended: list[RecordedSpan]) -> None:
    answer(RequestFactory().get("/nothing"), status=404)
    assert ended[0].name == "GET"
    assert "http.route" not in ended[0].attributes


def test_a_method_that_nobody_knows_is_not_a_name(ended: list[RecordedSpan]) -> None:
    answer(RequestFactory().generic("BREW", "/orders"), route="orders", status=405)
    assert ended[0].name == "HTTP /orders"
    assert ended[0].attributes["http.request.method"] == "_OTHER"
    assert ended[0].attributes["http.request.method_original"] == "BREW"


@pytest.mark.parametrize(
    ("host", "address", "port"),
    [
        ("127.0.0.1:4000", "127.0.0.1", 4000),
        ("[::1]:4000", "::1", 4000),
        ("localhost", "localhost", 80),
        ("[::1]", "::1", 80),
    ],
)
def test_an_address_is_without_its_port(
    ended: list[RecordedSpan], host: str, address: str, port: int
) -> None:
    answer(RequestFactory().get("/", headers={"host": host}))
    found = ended[0].attributes
    assert (found["server.address"], found["server.port"]) == (address, port)


@pytest.mark.parametrize(
    ("status", "code", "error"), [(200, 0, None), (404, 0, None), (500, 2, "500"), (503, 2, "503")]
)
def test_only_a_failure_of_the_service_is_an_error(
    ended: list[RecordedSpan], status: int, code: int, error: str | None
) -> None:
    answer(RequestFactory().get("/"), status=status)
    assert ended[0].status.status_code.value == code
    assert ended[0].attributes.get("error.type") == error


def test_it_is_under_its_callers_span_with_its_baggage(ended: list[RecordedSpan]) -> None:
    seen: list[Any] = []

    def respond(_request: HttpRequest) -> HttpResponse:
        seen.append(baggage.get_baggage("order.id"))
        return HttpResponse()

    before = trace.get_current_span()
    headers = {"traceparent": PARENT, "baggage": "order.id=7"}
    ServerSpans(respond)(RequestFactory().get("/", headers=headers))
    (span,) = ended
    assert span.parent is not None
    assert f"00-{span.context.trace_id:032x}-{span.parent.span_id:016x}-01" == PARENT
    assert span.parent.is_remote
    assert (seen, span.attributes["order.id"]) == (["7"], "7")
    assert trace.get_current_span() is before
    assert baggage.get_baggage("order.id") is None


def test_nothing_of_the_request_before_is_left_in_its_thread(ended: list[RecordedSpan]) -> None:
    for headers in ({"traceparent": PARENT}, {}, {"traceparent": "nonsense"}):
        answer(RequestFactory().get("/", headers=headers))
    assert [each.parent is None for each in ended] == [False, True, True]


def test_an_exception_that_no_view_caught_is_on_it(ended: list[RecordedSpan]) -> None:
    def respond(request: HttpRequest) -> HttpResponse:
        middleware.process_exception(request, ValueError("a reason"))
        return HttpResponse(status=500)

    middleware = ServerSpans(respond)
    middleware(RequestFactory().get("/"))
    (event,) = ended[0].events
    assert (event.attributes or {})["exception.message"] == "a reason"


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/internal/state/orders", "/static/x.css"])
def test_what_machines_ask_again_and_again_is_not_traced(
    ended: list[RecordedSpan], path: str
) -> None:
    answer(RequestFactory().get(path))
    assert ended == []
