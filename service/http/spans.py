"""The span of each request that a service answers, by OpenTelemetry's HTTP conventions."""

from __future__ import annotations

from http import HTTPMethod, HTTPStatus
from typing import TYPE_CHECKING, Any

from opentelemetry import propagate, trace
from opentelemetry.context import Context, attach, detach
from opentelemetry.trace import SpanKind, StatusCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

tracer = trace.get_tracer("service.http")

_METHODS = frozenset(HTTPMethod)
_PROPAGATED = {
    "HTTP_TRACEPARENT": "traceparent",
    "HTTP_TRACESTATE": "tracestate",
    "HTTP_BAGGAGE": "baggage",
}
# Asked by machines again and again: they belong to no request of a learner.
_NOT_TRACED = (
    "/healthz",
    "/readyz",
    "/internal/faults",
    "/internal/defences",
    "/internal/state/",
    "/internal/start-over",
    "/static/",
)


class ServerSpans:
    """Middleware that records each request as a span under that of its caller.

    For all that runs within it, the span and the caller's baggage are current.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer ``request`` within its span."""
        if request.path_info.startswith(_NOT_TRACED):
            return self._get_response(request)
        meta = request.META
        carried = {name: meta[key] for key, name in _PROPAGATED.items() if key in meta}
        token = attach(propagate.extract(carried, Context()) if carried else Context())
        try:
            # Django makes an answer of every exception before it comes here.
            with tracer.start_as_current_span(
                _name(meta["REQUEST_METHOD"]), kind=SpanKind.SERVER, attributes=_described(request)
            ) as span:
                response = self._get_response(request)
                span.set_attribute("http.response.status_code", response.status_code)
                if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                    span.set_attribute("error.type", str(response.status_code))
                    span.set_status(StatusCode.ERROR)
                return response
        finally:
            detach(token)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Name the span by the route, which is known by now."""
        match = request.resolver_match
        span = trace.get_current_span()
        if match is not None and match.route and span.is_recording():
            route = f"/{match.route}"
            span.set_attribute("http.route", route)
            span.update_name(f"{_name(request.method or '')} {route}")

    def process_exception(self, _request: HttpRequest, error: Exception) -> None:
        """Record an exception that no view has caught."""
        trace.get_current_span().record_exception(error)


def _described(request: HttpRequest) -> dict[str, str | int]:
    meta, method = request.META, request.META["REQUEST_METHOD"]
    host, _, port = meta.get("HTTP_HOST", "").rpartition(":")
    if not port.isdigit():
        host, port = meta.get("HTTP_HOST", ""), meta["SERVER_PORT"]
    attributes: dict[str, str | int] = {
        "http.request.method": method if method in _METHODS else "_OTHER",
        "url.scheme": meta["wsgi.url_scheme"],
        "url.path": request.path,
        "network.protocol.version": meta["SERVER_PROTOCOL"].removeprefix("HTTP/"),
        "server.address": host.strip("[]"),
        "server.port": int(port),
        "client.address": meta["REMOTE_ADDR"],
    }
    if "REMOTE_PORT" in meta:
        attributes["client.port"] = int(meta["REMOTE_PORT"])
    if method not in _METHODS:
        attributes["http.request.method_original"] = method
    if meta["QUERY_STRING"]:
        attributes["url.query"] = meta["QUERY_STRING"]
    if agent := meta.get("HTTP_USER_AGENT"):
        attributes["user_agent.original"] = agent
    return attributes


def _name(method: str) -> str:
    return method if method in _METHODS else "HTTP"
