"""Records as the lab's services make them: the parts of which a request's story is told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from telemetry.records import AttributeValue, LogRecord, Resource, Span, SpanKind, SpanState

START = 1_700_000_000_000_000_000
TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
REQUEST_ID = "req-7f3a"
ORDER_ID = "0b9f5a3e-6d1c-4a54-9a53-0d2f4f1f8a11"
_IDS = {"request.id": REQUEST_ID, "order.id": ORDER_ID}
_ERROR, _WARN, _INFO = 17, 13, 9
_NAMES = {_ERROR: "ERROR", _WARN: "WARN", _INFO: "INFO"}


def at(ms: float) -> int:
    """A moment of the story, in Unix nanoseconds."""
    return START + round(ms * 1_000_000)


@dataclass
class Story:
    """Spans and logs of one trace, told in milliseconds since the click."""

    spans: list[Span] = field(default_factory=list)
    logs: list[LogRecord] = field(default_factory=list)
    trace_id: str = TRACE_ID
    # How far each service's clock is ahead.
    skew_ms: dict[str, float] = field(default_factory=dict)
    # Which start of each service writes now.
    starts: dict[str, int] = field(default_factory=dict)

    def span(
        self,
        service: str,
        name: str,
        start: float,
        end: float | None,
        *,
        parent: Span | None = None,
        kind: SpanKind = "INTERNAL",
        error: str = "",
        state: SpanState = "open",
        ids: dict[str, str] | None = None,
        **attributes: AttributeValue,
    ) -> Span:
        """Add a span; without an end it is ``state``."""
        ahead = self.skew_ms.get(service, 0)
        made = Span(
            trace_id=self.trace_id,
            span_id=f"{len(self.spans) + 1:016x}",
            name=name,
            start_time_unix_nano=at(start + ahead),
            end_time_unix_nano=at(end + ahead) if end is not None else 0,
            parent_span_id=parent.span_id if parent else "",
            kind=kind,
            status_code="ERROR" if error else "UNSET",
            status_message=error,
            attributes={**(_IDS if ids is None else ids), **_dotted(attributes)},
            resource=self._resource(service),
            state="ended" if end is not None else state,
            seq=len(self.spans) + len(self.logs) + 1,
        )
        self.spans.append(made)
        return made

    def log(
        self,
        span: Span,
        msg: str,
        ms: float,
        *,
        level: int = _INFO,
        **attributes: AttributeValue,
    ) -> LogRecord:
        """Add a log line within ``span``."""
        service = span.resource.service_name
        made = LogRecord(
            time_unix_nano=at(ms + self.skew_ms.get(service, 0)),
            severity_number=level,
            severity_text=_NAMES[level],
            body=msg,
            attributes={"requestId": REQUEST_ID, "orderId": ORDER_ID, **attributes},
            trace_id=self.trace_id,
            span_id=span.span_id,
            resource=self._resource(service),
            seq=len(self.spans) + len(self.logs) + 1,
        )
        self.logs.append(made)
        return made

    def change(self, span: Span, **changes: object) -> Span:
        """Replace a span of the story."""
        changed = replace(span, **changes)  # type: ignore[arg-type] # a test names real fields
        self.spans[self.spans.index(span)] = changed
        return changed

    def _resource(self, service: str) -> Resource:
        instance = f"{service}-{self.starts.get(service, 1)}"
        return Resource({"service.name": service, "service.instance.id": instance})


@dataclass(frozen=True)
class Placed:
    """The spans every order begins with."""

    click: Span
    server: Span
    place: Span


def placed(story: Story, *, until: float) -> Placed:
    """The click, the API's request and the accepted order; the API answers at ``until``."""
    click = story.span("client", "order.click", 0, until + 2, kind="CLIENT")
    server = story.span("api", "POST /orders", 2, until, parent=click, kind="SERVER")
    place = story.span("api", "order.place", 3, until - 1, parent=server)
    story.log(place, "order accepted (pending)", 5, sku="book", quantity=1)
    return Placed(click, server, place)


def deliver(
    story: Story,
    parent: Span,
    *,
    start: float,
    end: float,
    error: str = "",
    status: int | None = None,
    attempt: int = 1,
    most: int = 1,
    calls: bool = True,
) -> Span:
    """The API's attempt; returns the span below which the worker's would stand."""
    return _send(
        story,
        "api",
        "job.deliver",
        parent,
        ("job delivered to worker", "failed to deliver job to worker"),
        start=start,
        end=end,
        error=error,
        status=status,
        attempt=attempt,
        most=most,
        timeout=800,
        calls=calls,
    )


def call_back(
    story: Story,
    parent: Span,
    *,
    start: float,
    end: float,
    error: str = "",
    status: int | None = None,
    calls: bool = True,
) -> Span:
    """The worker's callback; returns the span below which the API's would stand."""
    skipped = "simulated partition: worker cannot reach api (callback skipped)"
    failed = skipped if error == "simulated_partition" else "callback failed"
    return _send(
        story,
        "worker",
        "callback.send",
        parent,
        ("callback sent", failed),
        start=start,
        end=end,
        error=error,
        status=status,
        attempt=1,
        most=1,
        timeout=2000,
        calls=calls,
    )


def work(
    story: Story,
    parent: Span | None,
    *,
    start: float,
    end: float | None,
    reserve_at: float | None = None,
    sold_out: bool = False,
    state: SpanState = "open",
) -> Span:
    """The worker's part up to the reservation."""
    server = story.span(
        "worker",
        "POST /jobs/reserve-stock",
        start,
        end,
        parent=parent,
        kind="SERVER",
        state=state,
    )
    story.log(server, "job accepted", start + 1)
    if reserve_at is None:
        return server
    outcome = "REJECTED" if sold_out else "RESERVED"
    story.span(
        "worker",
        "stock.reserve",
        reserve_at - 2,
        reserve_at,
        parent=server,
        lab__reservation=outcome,
    )
    message = "stock rejected (sold out)" if sold_out else "stock reserved"
    level = _WARN if sold_out else _INFO
    story.log(server, message, reserve_at, level=level, sku="book", quantity=1)
    return server


def confirm(story: Story, parent: Span, *, start: float, rejected: bool = False) -> Span:
    """The event's arrival at the API, and the order decided."""
    server = story.span(
        "api", "POST /internal/order-events", start, start + 4, parent=parent, kind="SERVER"
    )
    event = "OrderStockRejected" if rejected else "OrderStockReserved"
    story.log(server, "event received", start + 1, eventType=event)
    name = "order.reject" if rejected else "order.confirm"
    span = story.span("api", name, start + 1, start + 3, parent=server)
    message = "order rejected (sold out)" if rejected else "order confirmed"
    story.log(span, message, start + 3)
    return server


def _send(
    story: Story,
    service: str,
    name: str,
    parent: Span,
    messages: tuple[str, str],
    *,
    start: float,
    end: float,
    error: str,
    status: int | None,
    attempt: int,
    most: int,
    timeout: int,
    calls: bool,
) -> Span:
    boundary = {"api": "api->worker", "worker": "worker->api"}[service]
    elapsed = round(end - start)
    attributes: dict[str, AttributeValue] = {
        "lab.boundary": boundary,
        "lab.attempt": attempt,
        "lab.max_attempts": most,
        "lab.timeout_ms": timeout,
        "lab.elapsed_ms": elapsed,
    }
    fields: dict[str, AttributeValue] = {
        "boundary": boundary,
        "attempt": attempt,
        "maxAttempts": most,
        "timeoutMs": timeout,
        "elapsedMs": elapsed,
    }
    if status is not None:
        attributes["http.response.status_code"] = fields["httpStatus"] = status
    if error:
        attributes["error.type"] = fields["errorKind"] = error
    send = story.span(service, name, start, end, parent=parent, error=error)
    send = story.change(send, attributes={**send.attributes, **attributes})
    below = send
    if calls:
        below = story.span(service, "POST", start, end, parent=send, kind="CLIENT", error=error)
    level = _ERROR if error else _INFO
    story.log(send, messages[1] if error else messages[0], end, level=level, **fields)
    return below


def _dotted(attributes: dict[str, AttributeValue]) -> dict[str, AttributeValue]:
    return {key.replace("__", "."): value for key, value in attributes.items()}
