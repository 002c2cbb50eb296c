"""The API's outbox: a job is committed with its order, and delivered until the worker answers."""

from __future__ import annotations

import logging

from boundary import request_id as request_ids
from orders import delivery
from orders.models import Order, OutboxEntry
from service.outbox.relay import Relay

log = logging.getLogger("orders")


def entry_of(order: Order) -> OutboxEntry:
    """Make the job's entry, to be committed with its order; the caller is first to deliver it."""
    entry = OutboxEntry(order=order, traceparent=order.traceparent, request_id=order.request_id)
    entry.lease()
    return entry


def settled(entry: OutboxEntry, *, acknowledged: bool) -> None:
    """Remove the job, or leave it to the relays, by the outcome of its first delivery."""
    RELAY.settle_first(entry, acknowledged=acknowledged)


def _send(entry: OutboxEntry) -> bool:
    order = Order.objects.get(id=entry.pk)
    request_ids.carry(request_id=order.request_id, order_id=str(order.id))
    if order.status != Order.Status.PENDING:
        # Its callback has come meanwhile, whatever the call came to; or it was cancelled.
        return True
    return delivery.deliver(
        order, attempt=entry.attempts + 1, max_attempts=None, waited_ms=entry.waited_ms()
    ).ok


RELAY = Relay(OutboxEntry, _send)
