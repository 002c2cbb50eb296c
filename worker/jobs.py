"""A job from its arrival to its answer: be slow if told so, reserve, tell the API."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opentelemetry import trace

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
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """Answer to ``POST /jobs/reserve-stock``."""
        return {"ok": True, "note": self.note} if self.note else {"ok": True}


class TooLateError(Exception):
    """The job's caller had given up before it could be begun, ``late_ms`` ago: nothing was done."""

    def __init__(self, *, late_ms: int) -> None:
        super().__init__(
            f"the deadline of this job passed {late_ms} ms ago: nobody awaits it any more, and"
            " nothing was done"
        )
        self.late_ms = late_ms


def run(job: Job, *, awaited_until: float | None = None) -> Done:
    """Do a job. The worker has done its part whether or not the API hears of it.

    ``awaited_until`` is in monotonic seconds: what can't be begun by then is not begun.

    :raises TooLateError: it could not be begun in time.
    :raises worker.stock.UnknownSkuError: the job names an article that the worker does not keep.
    """
    request_ids.carry(request_id=job.request_id, order_id=str(job.order_id))
    log.info("job accepted")
    _refuse_late(awaited_until)
    be_slow()
    _refuse_late(awaited_until)
    reserved = reserve(job, once=DEFENCES[IDEMPOTENT_JOBS])
    reservation = reserved.reservation
    fields = {"sku": reservation.sku, "quantity": reservation.quantity}
    if reservation.status == Reservation.Status.RELEASED:
        log.warning("job of a cancelled order: nothing reserved")
        return Done(reservation, note="order cancelled")
    if reserved.repeated:
        log.info("job repeated: nothing reserved again", extra=fields)
    elif reservation.status == Reservation.Status.RESERVED:
        log.info("stock reserved", extra=fields)
    else:
        log.warning("stock rejected (sold out)", extra=fields)
    sent = callback.send(reservation)
    if DEFENCES[CALLBACK_OUTBOX]:
        callback_outbox.told(reservation, sent)
    return Done(reservation, note="" if sent is not None else "callback skipped")


def _refuse_late(awaited_until: float | None) -> None:
    late_ms = 0.0 if awaited_until is None else (time.monotonic() - awaited_until) * 1_000
    if late_ms <= 0:
        return
    trace.get_current_span().set_attribute("lab.late_ms", round(late_ms))
    log.warning("job not begun: its deadline has passed", extra={"lateMs": round(late_ms)})
    raise TooLateError(late_ms=round(late_ms))
