"""Placing an order: durable first, then handed to the worker."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.utils import timezone
from opentelemetry import trace

from boundary import request_id as request_ids
from orders import delivery, outbox, statements
from orders.defences import DEFENCES, OUTBOX
from orders.models import Order
from outbox.relay import current_traceparent

if TYPE_CHECKING:
    from orders.wire import OrderRequest

log = logging.getLogger("orders")
tracer = trace.get_tracer("orders")


def place_order(wanted: OrderRequest, *, request_id: str) -> Order:
    """Commit an order, tell the worker, and return the order as it then stands.

    Whatever becomes of the delivery, the order is kept: the caller may acknowledge it.
    """
    order = Order(
        sku=wanted.sku, quantity=wanted.quantity, request_id=request_id, created_at=timezone.now()
    )
    request_ids.carry(request_id=request_id, order_id=str(order.id))
    with tracer.start_as_current_span("order.place"):
        # Outside a transaction of its own, one INSERT is committed before `save` returns.
        order.traceparent = current_traceparent()
        entry = outbox.commit(order) if DEFENCES[OUTBOX] else None
        if entry is None:
            order.save(force_insert=True)
        log.info("order accepted (pending)", extra={"sku": order.sku, "quantity": order.quantity})
        outcome = delivery.hand_over(order)
        if entry is not None:
            outbox.delivered(entry, outcome)
        if outcome.ok:
            # The worker's callback comes before its answer, so that the status may have changed.
            order.status = statements.status_of(order.id)
    return order
