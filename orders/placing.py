"""Placing an order: durable first, then handed to the worker."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import Error, router, transaction
from django.utils import timezone
from opentelemetry import trace

from boundary import request_id as request_ids
from boundary.log_messages import LOG_ORDER_ACCEPTED
from orders import delivery, job_outbox, statements
from orders.defences import consistency, idempotency
from orders.defences.names import CONSISTENCY, DEFENCES, OUTBOX
from orders.errors import InFlightError, KeyTakenError
from orders.in_flight import decided_meanwhile
from orders.models import Order
from orders.wire import answer_of
from service.changes import CHANGES
from service.errors import UnknownOutcomeError
from service.outbox.entry import lease_seconds
from service.outbox.relay import current_traceparent
from service.storage import STORAGE, storing

if TYPE_CHECKING:
    from orders.defences.idempotency import Answer
    from orders.delivery import HandOver
    from orders.models import OutboxEntry
    from orders.wire import OrderRequest

log = logging.getLogger("orders")
tracer = trace.get_tracer("orders")


def place_order(request: OrderRequest, *, request_id: str, key: str | None = None) -> Order:
    """Commit an order, hand it to the worker, and return the order as it then stands.

    In the mode of availability the order is kept whatever becomes of the delivery: the caller may
    acknowledge it. In that of consistency one that is not confirmed in time comes back CANCELLED,
    and ``undecided`` if the database fails after the commit: it is stored, so no refusal.

    :raises KeyTakenError: there is an order under this key; nothing has changed.
    :raises UnknownOutcomeError: the order may be stored, and was not handed to the worker.
    """
    order = Order(
        sku=request.sku, quantity=request.quantity, request_id=request_id, created_at=timezone.now()
    )
    request_ids.carry(request_id=request_id, order_id=str(order.id))
    with tracer.start_as_current_span("order.place"):
        order.traceparent = current_traceparent()
        try:
            with storing(orderId=str(order.id), requestId=request_id):
                entry = _commit(order, request, key=key)
        except UnknownOutcomeError:
            CHANGES.note(order.id)
            raise
        CHANGES.note(order.id)
        log.info(LOG_ORDER_ACCEPTED, extra={"sku": order.sku, "quantity": order.quantity})
        must_be_decided = DEFENCES[CONSISTENCY]
        started = time.monotonic()
        with decided_meanwhile(order.id) as decided_here:
            handed = delivery.hand_over(
                order, within_ms=settings.DELIVERY_TIMEOUT_MS if must_be_decided else None
            )
        if must_be_decided:
            _decide(order, handed, started=started)
        elif handed.outcome.ok:
            # The worker's callback comes before its answer: the status may have changed.
            order.status = decided_here.status or _status_now(order)
        if entry is not None:
            decided = must_be_decided and not order.undecided
            _settle(entry, acknowledged=handed.outcome.ok or decided)
    return order


def place_once(key: str, request: OrderRequest, *, request_id: str) -> Answer:
    """Place an order under ``key``, or return the answer that was given under it.

    :raises orders.errors.RefusedKeyError: it stands for another order, or is in flight.
    """
    found = idempotency.known(key, request)
    if found is not None:
        return found
    try:
        order = place_order(request, request_id=request_id, key=key)
    except KeyTakenError:
        # The same key at the same time: the other one got there first.
        found = idempotency.known(key, request)
        if found is None:
            raise InFlightError from None
        return found
    answer = idempotency.Answer(*answer_of(order))
    if order.undecided:
        # Who asks again gets the answer of how it stands then.
        return answer
    try:
        return idempotency.keep(key, answer)
    except Error as error:
        # The order is durable, and so is its key.
        STORAGE.failed(error)
        return answer


def _decide(order: Order, handed: HandOver, *, started: float) -> None:
    """Wait until a durable order is decided, or cancel it; no failure makes it one refused."""
    try:
        consistency.decide(
            order,
            until=started + settings.DELIVERY_TIMEOUT_MS / 1_000,
            answered=handed.outcome.ok,
            # After its lease, a job is in the hands of the relays.
            may_be_reserved=handed.may_have_arrived or time.monotonic() - started > lease_seconds(),
        )
    except Error as error:
        STORAGE.failed(error)
        order.status = Order.Status.PENDING
        order.undecided = True


def _status_now(order: Order) -> str:
    """Read the status of an order that is durable: it is acknowledged even if this fails."""
    try:
        return statements.status_of(order.id) or order.status
    except Error as error:
        STORAGE.failed(error)
        return order.status


def _settle(entry: OutboxEntry, *, acknowledged: bool) -> None:
    """Settle the job of a durable order; the relays do it if this fails."""
    try:
        job_outbox.settled(entry, acknowledged=acknowledged)
    except Error as error:
        STORAGE.failed(error)


def _commit(order: Order, request: OrderRequest, *, key: str | None) -> OutboxEntry | None:
    """Commit the order with all that belongs to it, or nothing of it."""
    entry = job_outbox.entry_of(order) if DEFENCES[OUTBOX] else None
    if entry is None and key is None:
        # Outside a transaction of its own, one INSERT is committed before this returns.
        statements.ORDERS.insert(order)
        return None
    with transaction.atomic(using=router.db_for_write(Order)):
        statements.ORDERS.insert(order)
        if key is not None:
            idempotency.add(key, order, request)
        if entry is not None:
            entry.save(force_insert=True)
    return entry
