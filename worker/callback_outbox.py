"""The worker's outbox: an event is committed with its reservation, and sent until acknowledged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import Error

from boundary import request_id as request_ids
from service.outbox.relay import Relay, current_traceparent
from service.storage import STORAGE
from worker import callback
from worker.models import CallbackEntry, Reservation

if TYPE_CHECKING:
    from boundary.call import Outcome


def add(reservation: Reservation) -> None:
    """Keep the event in the transaction of its reservation; the caller is first to send it."""
    entry = CallbackEntry(
        reservation=reservation,
        traceparent=current_traceparent(),
        request_id=reservation.request_id,
    )
    entry.lease()
    entry.save(force_insert=True)


def settle(reservation: Reservation, outcome: Outcome | None) -> None:
    """Remove the event, or leave it to the relays, by the outcome of the first callback.

    The job is done: if this fails, the relays do it.
    """
    try:
        entry = CallbackEntry.objects.filter(pk=reservation.pk).first()
        if entry is not None:
            RELAY.settle_first(entry, acknowledged=outcome is not None and outcome.ok)
    except Error as error:
        STORAGE.failed(error)


def _send(entry: CallbackEntry) -> bool:
    reservation = Reservation.objects.get(pk=entry.pk)
    request_ids.carry(request_id=reservation.request_id, order_id=str(reservation.order_id))
    if reservation.status == Reservation.Status.RELEASED:
        # Its order was cancelled meanwhile, by the API itself.
        return True
    outcome = callback.send(
        reservation,
        attempt=entry.attempts + 1,
        max_attempts=None,
        waited_ms=entry.waited_ms(),
    )
    return outcome is not None and outcome.ok


RELAY = Relay(CallbackEntry, _send)
