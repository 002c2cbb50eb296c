"""What the worker tells about an order: reserved or rejected becomes CONFIRMED or REJECTED."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.utils import timezone
from opentelemetry import trace

from boundary import request_id as request_ids
from orders import statements
from orders.models import Order

if TYPE_CHECKING:
    from orders.wire import OrderEvent

log = logging.getLogger("orders")
tracer = trace.get_tracer("orders")

_STATUS = {
    "OrderStockReserved": Order.Status.CONFIRMED,
    "OrderStockRejected": Order.Status.REJECTED,
}
_MESSAGE = {
    Order.Status.CONFIRMED: "order confirmed",
    Order.Status.REJECTED: "order rejected (sold out)",
}


def take_in(event: OrderEvent) -> bool:
    """Act on an event; False when the order is not known.

    An order is decided once. The same event again changes nothing; one that contradicts what was
    decided changes nothing either, and is logged as an error.
    """
    order_id = str(event.order_id)
    request_id = request_ids.choose(event.request_id, request_ids.current())
    request_ids.carry(request_id=request_id, order_id=order_id)
    log.info("event received", extra={"eventType": event.type})
    status = _STATUS[event.type]
    with tracer.start_as_current_span(
        "order.confirm" if status is Order.Status.CONFIRMED else "order.reject"
    ):
        # The condition makes the first event win, whatever comes at the same time.
        if statements.decide(event.order_id, status.value, at=timezone.now()):
            log.info(_MESSAGE[status])
            return True
        return _already_decided(event, status)


def _already_decided(event: OrderEvent, status: Order.Status) -> bool:
    known = Order.objects.filter(id=event.order_id).values_list("status", flat=True).first()
    if known is None:
        log.warning("unknown order id")
        return False
    if known == Order.Status.CANCELLED:
        # It came too late: what the client was told holds. Reconciliation releases the stock.
        trace.get_current_span().set_attribute("lab.order.status", known)
        log.warning("event for a cancelled order: nothing changed", extra={"status": known})
    elif known == status:
        log.info("event repeated: the order was decided before", extra={"status": known})
    else:
        log.error("event contradicts what was decided", extra={"status": known})
    return True
