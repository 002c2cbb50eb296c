"""The API's outbox: a job is committed with its order, and delivered until the worker answers."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import router, transaction

from boundary import request_id as request_ids
from orders import delivery
from orders.models import Order, OutboxEntry
from outbox.relay import Relay

if TYPE_CHECKING:
    from boundary.call import Outcome

log = logging.getLogger("orders")


def commit(order: Order) -> OutboxEntry:
    """Commit an order together with its job; the caller is the first to deliver it."""
    entry = OutboxEntry(order=order, traceparent=order.traceparent, request_id=order.request_id)
    entry.lease()
    with transaction.atomic(using=router.db_for_write(Order)):
        order.save(force_insert=True)
        entry.save(force_insert=True)
    return entry


def delivered(entry: OutboxEntry, outcome: Outcome) -> None:
    """Put the job away, or leave it to the relays, by what came of its first delivery."""
    RELAY.settle_first(entry, heard=outcome.ok)


def _tell(entry: OutboxEntry) -> bool:
    order = Order.objects.get(id=entry.pk)
    request_ids.carry(request_id=order.request_id, order_id=str(order.id))
    if order.status != Order.Status.PENDING:
        # Its callback has come meanwhile: the worker has done the job, whatever the call came to.
        return True
    return delivery.deliver(order, attempt=entry.attempts + 1, max_attempts=None).ok


RELAY = Relay(OutboxEntry, _tell)
