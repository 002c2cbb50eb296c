"""The worker's events: reserved or rejected stock makes an order CONFIRMED or REJECTED."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.utils import timezone
from opentelemetry import trace

from boundary import request_id as request_ids
from boundary.log_messages import (
    LOG_EVENT_RECEIVED,
    LOG_EVENT_TOO_LATE,
    LOG_ORDER_CONFIRMED,
    LOG_ORDER_REJECTED,
    LOG_UNKNOWN_ORDER,
)
from orders import in_flight, statements
from orders.models import Order
from service.storage import storing

if TYPE_CHECKING:
    from orders.wire import OrderEvent

log = logging.getLogger("orders")
tracer = trace.get_tracer("orders")

_STATUS = {
    "OrderStockReserved": Order.Status.CONFIRMED,
    "OrderStockRejected": Order.Status.REJECTED,
}
_MESSAGE = {
    Order.Status.CONFIRMED: LOG_ORDER_CONFIRMED,
    Order.Status.REJECTED: LOG_ORDER_REJECTED,
}


def take_in(event: OrderEvent) -> bool:
    """Act on an event; False when the order is not known.

    An order is decided once. The same event again changes nothing; one that contradicts what was
    decided changes nothing either, and is logged as an error.
    """
    order_id = str(event.order_id)
    request_id = request_ids.choose(event.request_id, request_ids.current())
    request_ids.carry(request_id=request_id, order_id=order_id)
    log.info(LOG_EVENT_RECEIVED, extra={"eventType": event.type})
    status = _STATUS[event.type]
    with tracer.start_as_current_span(
        "order.confirm" if status is Order.Status.CONFIRMED else "order.reject"
    ):
        # The condition makes the first event win, whatever comes at the same time.
        with storing(orderId=order_id):
            decided = statements.decide(event.order_id, status.value, at=timezone.now())
        if decided:
            in_flight.decided(event.order_id, status.value)
            log.info(_MESSAGE[status])
            return True
        return _already_decided(event, status)


def _already_decided(event: OrderEvent, status: Order.Status) -> bool:
    known = Order.objects.filter(id=event.order_id).values_list("status", flat=True).first()
    if known is None:
        log.warning(LOG_UNKNOWN_ORDER)
        return False
    if known == Order.Status.CANCELLED:
        # It came too late: the client's answer holds. Reconciliation releases the stock.
        trace.get_current_span().set_attribute("lab.order.status", known)
        log.warning(LOG_EVENT_TOO_LATE, extra={"status": known})
    elif known == status:
        log.info("event repeated: the order was decided before", extra={"status": known})
    else:
        log.error("event contradicts what was decided", extra={"status": known})
    return True
