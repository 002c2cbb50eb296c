"""A job from its arrival to its answer: reserve the stock, then call the API back."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opentelemetry import trace

from boundary import request_id as request_ids
from boundary.log_messages import (
    LOG_JOB_ACCEPTED,
    LOG_JOB_CANCELLED,
    LOG_JOB_NOT_BEGUN,
    LOG_SLOW_WORKER,
    LOG_STOCK_REJECTED,
    LOG_STOCK_RESERVED,
)
from service.simulation.simulated import be_slow
from systems.orders import WORKER
from worker import callback, callback_outbox
from worker.defences import CALLBACK_OUTBOX, DEFENCES, IDEMPOTENT_JOBS
from worker.errors import TooLateError
from worker.faults import SWITCHES
from worker.models import Reservation
from worker.stock import beginnings, reserve

if TYPE_CHECKING:
    from worker.wire import Job

log = logging.getLogger("worker")


@dataclass(frozen=True, slots=True)
class JobResult:
    """What was done for a job."""

    reservation: Reservation
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """Answer to ``POST /jobs/reserve-stock``."""
        return {"ok": True, "note": self.note} if self.note else {"ok": True}


def run(job: Job, *, awaited_until: float | None = None) -> JobResult:
    """Do a job. The worker has done its part whether or not its callback arrives.

    ``awaited_until`` is in monotonic seconds: what can't be begun by then is not begun.

    :raises TooLateError: it could not be begun in time.
    :raises worker.errors.UnknownSkuError: the job names an item that the worker does not keep.
    :raises worker.errors.StartedOverError: the lab was started over meanwhile.
    """
    came_in = beginnings()
    request_ids.carry(request_id=job.request_id, order_id=str(job.order_id))
    log.info(LOG_JOB_ACCEPTED)
    _refuse_late(awaited_until)
    # Before anything is done, so that the caller gives up first.
    be_slow(SWITCHES, WORKER, message=LOG_SLOW_WORKER)
    _refuse_late(awaited_until)
    reserved = reserve(job, came_in=came_in, once=DEFENCES[IDEMPOTENT_JOBS])
    reservation = reserved.reservation
    fields = {"sku": reservation.sku, "quantity": reservation.quantity}
    if reservation.status == Reservation.Status.RELEASED:
        log.warning(LOG_JOB_CANCELLED)
        return JobResult(reservation, note="order cancelled")
    if reserved.repeated:
        log.info("job repeated: nothing reserved again", extra=fields)
    elif reservation.status == Reservation.Status.RESERVED:
        log.info(LOG_STOCK_RESERVED, extra=fields)
    else:
        log.warning(LOG_STOCK_REJECTED, extra=fields)
    sent = callback.send(reservation)
    if DEFENCES[CALLBACK_OUTBOX]:
        callback_outbox.settle(reservation, sent)
    return JobResult(reservation, note="" if sent is not None else "callback skipped")


def _refuse_late(awaited_until: float | None) -> None:
    late_ms = 0.0 if awaited_until is None else (time.monotonic() - awaited_until) * 1_000
    if late_ms <= 0:
        return
    trace.get_current_span().set_attribute("lab.late_ms", round(late_ms))
    log.warning(LOG_JOB_NOT_BEGUN, extra={"lateMs": round(late_ms)})
    raise TooLateError(late_ms=round(late_ms))
