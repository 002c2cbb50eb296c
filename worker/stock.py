"""Setting stock aside: by one conditional UPDATE, so that it never falls below zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, router, transaction
from django.utils import timezone
from opentelemetry import trace

from worker import callback_outbox, statements
from worker.defences import CALLBACK_OUTBOX, DEFENCES
from worker.models import Reservation, Sku

if TYPE_CHECKING:
    from worker.wire import Job

tracer = trace.get_tracer("worker")

_MAX_TRIES = 20


class UnknownSkuError(Exception):
    """There is no such article: not sold out, but never there."""


@dataclass(frozen=True, slots=True)
class Reserved:
    """What was done for a job; ``repeated`` when it had been done before."""

    reservation: Reservation
    repeated: bool = False


def reserve(job: Job, *, once: bool = False) -> Reserved:
    """Set stock aside for one delivery of ``job``, or record that there was not enough.

    With ``once``, a job that was acted on before is not acted on again. Stock and reservation are
    committed together.

    :raises UnknownSkuError: the job names an article that the worker does not keep.
    """
    with tracer.start_as_current_span(
        "stock.reserve", attributes={"lab.sku": job.sku, "lab.quantity": job.quantity}
    ) as span:
        reserved = _once(job) if once else _each_time(job)
        span.set_attribute("lab.reservation", reserved.reservation.status)
        if reserved.repeated:
            span.set_attributes({"lab.repeated": True})
        return reserved


def _once(job: Job) -> Reserved:
    known = _first(job)
    if known is None:
        try:
            return Reserved(_take(job, delivery=1))
        except IntegrityError:
            # The same job, at the same time: the other one got there first.
            known = _first(job)
            if known is None:
                raise
    return Reserved(known, repeated=True)


def _each_time(job: Job) -> Reserved:
    for _ in range(_MAX_TRIES):
        try:
            return Reserved(_take(job))
        except IntegrityError:
            # The same job, at the same time, has just taken this number: take the next.
            continue
    raise IntegrityError(f"{_MAX_TRIES} other deliveries of {job.order_id} came first")


def _take(job: Job, *, delivery: int | None = None) -> Reservation:
    with transaction.atomic(using=router.db_for_write(Reservation)):
        taken = statements.take(job.sku, job.quantity)
        if not taken and not Sku.objects.filter(sku=job.sku).exists():
            raise UnknownSkuError(job.sku)
        reservation = Reservation.objects.create(
            order_id=job.order_id,
            delivery=delivery or statements.deliveries_of(job.order_id) + 1,
            sku=job.sku,
            quantity=job.quantity,
            status=Reservation.Status.RESERVED if taken else Reservation.Status.REJECTED,
            request_id=job.request_id,
            created_at=timezone.now(),
        )
        if DEFENCES[CALLBACK_OUTBOX]:
            callback_outbox.add(reservation)
        return reservation


def _first(job: Job) -> Reservation | None:
    return Reservation.objects.filter(order_id=job.order_id).order_by("delivery").first()
