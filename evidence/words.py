"""The lab's own words in records: the names and messages that carry meaning here."""

from __future__ import annotations

API = "api"
WORKER = "worker"
CLIENT = "client"

CLIENT_TO_API = "client->api"
API_TO_WORKER = "api->worker"
WORKER_TO_API = "worker->api"

ENDS = {
    CLIENT_TO_API: (CLIENT, API),
    API_TO_WORKER: (API, WORKER),
    WORKER_TO_API: (WORKER, API),
}
"""Each boundary's sender and receiver."""

SPAN_CLICK = "order.click"
SPAN_PLACE = "order.place"
SPAN_DELIVER = "job.deliver"
SPAN_RESERVE = "stock.reserve"
SPAN_CALLBACK = "callback.send"
SPAN_CONFIRM = "order.confirm"
SPAN_REJECT = "order.reject"
SPAN_CANCEL = "order.cancel"

SENDING_SPANS = {
    SPAN_CLICK: CLIENT_TO_API,
    SPAN_DELIVER: API_TO_WORKER,
    SPAN_CALLBACK: WORKER_TO_API,
}
"""Spans around a call across a boundary, by name."""

SAID_ACCEPTED = "order accepted (pending)"
SAID_DELIVERED = "job delivered to worker"
SAID_NOT_DELIVERED = "failed to deliver job to worker"
SAID_EVENT = "event received"
SAID_UNKNOWN_ORDER = "unknown order id"
SAID_CONFIRMED = "order confirmed"
SAID_REJECTED = "order rejected (sold out)"
SAID_CANCELLED = "order cancelled (not confirmed in time)"
SAID_EVENT_TOO_LATE = "event for a cancelled order: nothing changed"
SAID_JOB = "job accepted"
SAID_SLOW = "simulated slow worker"
SAID_NOT_BEGUN = "job not begun: its deadline has passed"
SAID_JOB_CANCELLED = "job of a cancelled order: nothing reserved"
SAID_RESERVED = "stock reserved"
SAID_RELEASED = "stock released"
SAID_SOLD_OUT = "stock rejected (sold out)"
SAID_SKIPPED = "simulated partition: worker cannot reach api (callback skipped)"
SAID_CALLED_BACK = "callback sent"
SAID_NOT_CALLED_BACK = "callback failed"

EVENT_RESERVED = "OrderStockReserved"
EVENT_REJECTED = "OrderStockRejected"

ATTRIBUTE_BREAKER = ("lab.circuit_breaker.state", "circuitBreaker")
"""Where a sender says in which state its circuit breaker was."""

BREAKER_HOLDS_BACK = frozenset({"open", "half_open"})

DECIDED = frozenset({"CONFIRMED", "REJECTED", "CANCELLED"})
"""Statuses of an order that waits for nothing more."""

NEVER_SENT = frozenset({"simulated_partition", "connect_refused", "connect_timeout", "dns", "tls"})
"""Failures before any byte of the request could leave: the other side can't have received it."""

NO_ANSWER = frozenset({"read_timeout", "reset"})
"""Failures after the request may have left: whether it was acted on can't be known."""

ANSWERED = frozenset({"http_4xx", "http_5xx", "bad_response"})
"""Failures in which something answered."""
