"""The names of the lab's own services, boundaries, spans and events, as they stand in records."""

from __future__ import annotations

from systems import orders, system
from systems.orders import ORDERS

API = orders.API
WORKER = orders.WORKER
CLIENT = system.CLIENT

CLIENT_TO_API = ORDERS.link(orders.CLIENT_TO_API).boundary
API_TO_WORKER = ORDERS.link(orders.API_TO_WORKER).boundary
WORKER_TO_API = ORDERS.link(orders.WORKER_TO_API).boundary

PERSPECTIVES = ("all", *ORDERS.service_names)
"""From where an order's trace can be looked at."""

ENDS = {each.boundary: (each.sender, each.receiver) for each in ORDERS.links}
"""Each boundary's sender and receiver."""

REQUESTS = {
    CLIENT_TO_API: "POST /orders",
    API_TO_WORKER: "POST /jobs/reserve-stock",
    WORKER_TO_API: "POST /internal/order-events",
}
"""The request that crosses each boundary for an order; its SERVER span has the same name."""

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

EVENT_RESERVED = "OrderStockReserved"
EVENT_REJECTED = "OrderStockRejected"

DECIDED = frozenset({"CONFIRMED", "REJECTED", "CANCELLED"})
"""Statuses of an order that waits for nothing more."""
