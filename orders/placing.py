"""Placing an order: durable first, then handed to the worker."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import router, transaction
from django.utils import timezone
from opentelemetry import trace

from boundary import request_id as request_ids
from orders import consistency, delivery, idempotency, outbox, statements
from orders.defences import CONSISTENCY, DEFENCES, OUTBOX
from orders.models import Order
from orders.wire import answer_of
from outbox.entry import LEASE_SECONDS
from outbox.relay import current_traceparent

if TYPE_CHECKING:
    from orders.idempotency import Answer
    from orders.models import OutboxEntry
    from orders.wire import OrderRequest

log = logging.getLogger("orders")
tracer = trace.get_tracer("orders")


def place_order(wanted: OrderRequest, *, request_id: str, key: str | None = None) -> Order:
    """Commit an order, tell the worker, and return the order as it then stands.

    In the mode of availability the order is kept whatever becomes of the delivery: the caller may
    acknowledge it. In that of consistency one that is not confirmed in time comes back CANCELLED.

    :raises orders.idempotency.KeyTakenError: there is an order under this key; nothing has changed.
    """
    order = Order(
        sku=wanted.sku, quantity=wanted.quantity, request_id=request_id, created_at=timezone.now()
    )
    request_ids.carry(request_id=request_id, order_id=str(order.id))
    with tracer.start_as_current_span("order.place"):
        order.traceparent = current_traceparent()
        entry = _commit(order, wanted, key=key)
        log.info("order accepted (pending)", extra={"sku": order.sku, "quantity": order.quantity})
        must_be_decided = DEFENCES[CONSISTENCY]
        started = time.monotonic()
        handed = delivery.hand_over(
            order, within_ms=settings.DELIVERY_TIMEOUT_MS if must_be_decided else None
        )
        if must_be_decided:
            consistency.decide(
                order,
                until=started + settings.DELIVERY_TIMEOUT_MS / 1_000,
                answered=handed.outcome.ok,
                # After its lease, a job is in the hands of the relays.
                may_be_reserved=handed.may_have_arrived
                or time.monotonic() - started > LEASE_SECONDS,
            )
        elif handed.outcome.ok:
            # The worker's callback comes before its answer: the status may have changed.
            order.status = statements.status_of(order.id)
        if entry is not None:
            outbox.settled(entry, heard=handed.outcome.ok or must_be_decided)
    return order


def place_once(key: str, wanted: OrderRequest, *, request_id: str) -> Answer:
    """Place an order under ``key``, or return the answer that was given under it.

    :raises orders.idempotency.RefusedKeyError: it stands for another order, or is in flight.
    """
    found = idempotency.known(key, wanted)
    if found is not None:
        return found
    try:
        order = place_order(wanted, request_id=request_id, key=key)
    except idempotency.KeyTakenError:
        # The same key at the same time: the other one got there first.
        found = idempotency.known(key, wanted)
        if found is None:
            raise idempotency.InFlightError from None
        return found
    return idempotency.keep(key, idempotency.Answer(*answer_of(order)))


def _commit(order: Order, wanted: OrderRequest, *, key: str | None) -> OutboxEntry | None:
    """Commit the order with all that belongs to it, or nothing of it."""
    entry = outbox.entry_of(order) if DEFENCES[OUTBOX] else None
    if entry is None and key is None:
        # Outside a transaction of its own, one INSERT is committed before `save` returns.
        order.save(force_insert=True)
        return None
    with transaction.atomic(using=router.db_for_write(Order)):
        order.save(force_insert=True)
        if key is not None:
            idempotency.add(key, order, wanted)
        if entry is not None:
            entry.save(force_insert=True)
    return entry
