"""A job from its arrival to its answer: be slow if told so, reserve, tell the API."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from boundary import request_id as request_ids
from worker import callback, callback_outbox
from worker.defences import CALLBACK_OUTBOX, DEFENCES, IDEMPOTENT_JOBS
from worker.faults import be_slow
from worker.models import Reservation
from worker.stock import reserve

if TYPE_CHECKING:
    from worker.wire import Job

log = logging.getLogger("worker")


@dataclass(frozen=True, slots=True)
class Done:
    """A job that was acted on."""

    reservation: Reservation
    callback_skipped: bool

    def as_json(self) -> dict[str, Any]:
        """Answer to ``POST /jobs/reserve-stock``."""
        return {"ok": True, "note": "callback skipped"} if self.callback_skipped else {"ok": True}


def run(job: Job) -> Done:
    """Do a job. The worker has done its part whether or not the API hears of it.

    :raises worker.stock.UnknownSkuError: the job names an article that the worker does not keep.
    """
    request_ids.carry(request_id=job.request_id, order_id=str(job.order_id))
    log.info("job accepted")
    be_slow()
    reserved = reserve(job, once=DEFENCES[IDEMPOTENT_JOBS])
    reservation = reserved.reservation
    fields = {"sku": reservation.sku, "quantity": reservation.quantity}
    if reserved.repeated:
        log.info("job repeated: nothing reserved again", extra=fields)
    elif reservation.status == Reservation.Status.RESERVED:
        log.info("stock reserved", extra=fields)
    else:
        log.warning("stock rejected (sold out)", extra=fields)
    sent = callback.send(reservation)
    if DEFENCES[CALLBACK_OUTBOX]:
        callback_outbox.told(reservation, sent)
    return Done(reservation, callback_skipped=sent is None)
