"""The worker's outbox: what it did is committed with what the API is to hear of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundary import request_id as request_ids
from outbox.relay import Relay, current_traceparent
from worker import callback
from worker.models import CallbackEntry, Reservation

if TYPE_CHECKING:
    from boundary.call import Outcome


def add(reservation: Reservation) -> None:
    """Keep what is to be told, in the transaction of its reservation; its maker is first to try."""
    entry = CallbackEntry(
        reservation=reservation,
        traceparent=current_traceparent(),
        request_id=reservation.request_id,
    )
    entry.lease()
    entry.save(force_insert=True)


def told(reservation: Reservation, outcome: Outcome | None) -> None:
    """Put away, or leave to the relays, by what came of the first callback."""
    entry = CallbackEntry.objects.filter(pk=reservation.pk).first()
    if entry is not None:
        RELAY.settle_first(entry, heard=outcome is not None and outcome.ok)


def _tell(entry: CallbackEntry) -> bool:
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


RELAY = Relay(CallbackEntry, _tell)
