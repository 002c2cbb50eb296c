"""The mode of consistency: an order is confirmed or rejected in time, or it is cancelled."""

from __future__ import annotations

import logging
import time

from django.utils import timezone
from opentelemetry import trace

from boundary.log_messages import LOG_ORDER_CANCELLED
from orders import statements
from orders.defences.names import CONSISTENCY, DEFENCES
from orders.models import Order
from service.changes import CHANGES

log = logging.getLogger("orders")
tracer = trace.get_tracer("orders")

RETRY_AFTER_SECONDS = 1
"""How long a client that was refused is to wait before it places another order."""

_LOOK_SECONDS = 0.02


def is_on() -> bool:
    """Whether this is the mode in force; the other one is that of availability."""
    return DEFENCES[CONSISTENCY]


def decide(order: Order, *, until: float, answered: bool, may_be_reserved: bool) -> None:
    """Wait for the worker's event ``until`` then, in monotonic seconds; else cancel the order.

    ``answered`` is whether the worker answered that it did the job. A job that certainly did not
    arrive is not waited for. Afterwards the order's status is no longer PENDING.
    """
    order.status = _status_of(order)
    while order.status == Order.Status.PENDING and may_be_reserved:
        left = until - time.monotonic()
        if left <= 0:
            break
        time.sleep(min(left, _LOOK_SECONDS))
        order.status = _status_of(order)
    if order.status == Order.Status.PENDING:
        cancel(order, may_be_reserved=may_be_reserved, answered=answered)


def cancel(order: Order, *, may_be_reserved: bool, answered: bool = False) -> None:
    """Cancel a PENDING order; one that was decided meanwhile keeps what was decided.

    When the worker may have reserved the stock, it is to be released: reconciliation does that.
    """
    with tracer.start_as_current_span("order.cancel") as span:
        cancelled = Order.objects.filter(id=order.id, status=Order.Status.PENDING).update(
            status=Order.Status.CANCELLED, decided_at=timezone.now(), release_due=may_be_reserved
        )
        if cancelled or Order.objects.filter(id=order.id).exists():
            order.refresh_from_db(fields=["status", "release_due"])
        span.set_attribute("lab.order.status", order.status)
        if cancelled:
            CHANGES.note(order.id)
            log.warning(
                LOG_ORDER_CANCELLED,
                extra={"workerAnswered": answered, "mayBeReserved": may_be_reserved},
            )


def _status_of(order: Order) -> str:
    """Read how an order stands; one that is no longer there can't be confirmed any more."""
    return statements.status_of(order.id) or Order.Status.CANCELLED
