"""Setting stock aside: by one conditional UPDATE, so that it never falls below zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, router, transaction
from django.db.models import F
from django.utils import timezone
from opentelemetry import trace

from worker import callback_outbox, statements
from worker.defences import CALLBACK_OUTBOX, DEFENCES
from worker.models import Reservation, Sku

if TYPE_CHECKING:
    import uuid

    from worker.wire import Job

tracer = trace.get_tracer("worker")

_MAX_TRIES = 20


class UnknownSkuError(Exception):
    """There is no such article: not sold out, but never there."""


@dataclass(frozen=True, slots=True)
class Reserved:
    """What was done for a job; ``repeated`` when it had been done before.

    The reservation is RELEASED when the order was cancelled before: then nothing was done.
    """

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


def release(order_id: uuid.UUID, *, request_id: str) -> int:
    """Put back what is set aside for a cancelled order, and keep later jobs from taking any.

    Returns how many reservations were released; 0 when there was none, or it was done before.
    """
    with tracer.start_as_current_span("stock.release") as span:
        for _ in range(_MAX_TRIES):
            try:
                with transaction.atomic(using=router.db_for_write(Reservation)):
                    released = _release(order_id, request_id=request_id)
            except IntegrityError:
                # A job of this order came at the same time, and took the number: look again.
                continue
            span.set_attribute("lab.released", released)
            return released
    raise IntegrityError(f"{_MAX_TRIES} deliveries of {order_id} came first")


def _release(order_id: uuid.UUID, *, request_id: str) -> int:
    # Read before the articles: what comes in between takes the number, and this begins anew.
    last, cancelled = statements.deliveries_of(order_id)
    if cancelled:
        return 0
    rows = Reservation.objects.filter(order_id=order_id)
    # Article first, then reservation, as a job takes them: or else the two could lock each other.
    articles = Sku.objects.filter(sku__in=rows.values_list("sku", flat=True)).order_by("sku")
    list(articles.select_for_update())
    Reservation.objects.create(
        order_id=order_id,
        delivery=last + 1,
        sku="",
        quantity=0,
        status=Reservation.Status.RELEASED,
        request_id=request_id,
        created_at=timezone.now(),
    )
    held = list(rows.filter(status=Reservation.Status.RESERVED))
    for row in held:
        Reservation.objects.filter(pk=row.pk).update(status=Reservation.Status.RELEASED)
        Sku.objects.filter(sku=row.sku).update(available=F("available") + row.quantity)
    return len(held)


def _once(job: Job) -> Reserved:
    known = _first(job)
    if known is None:
        try:
            return Reserved(_take(job))
        except IntegrityError:
            # The same job, at the same time: the other one got there first.
            known = _first(job)
            if known is None:
                raise
    return Reserved(known, repeated=True)


def _each_time(job: Job) -> Reserved:
    for _ in range(_MAX_TRIES):
        try:
            last, cancelled = statements.deliveries_of(job.order_id)
            if cancelled:
                return Reserved(Reservation.objects.get(order_id=job.order_id, quantity=0))
            return Reserved(_take(job, delivery=last + 1))
        except IntegrityError:
            # Another one for the same order has just taken this number: take the next.
            continue
    raise IntegrityError(f"{_MAX_TRIES} other deliveries of {job.order_id} came first")


def _take(job: Job, *, delivery: int = 1) -> Reservation:
    with transaction.atomic(using=router.db_for_write(Reservation)):
        taken = statements.take(job.sku, job.quantity)
        if not taken and not Sku.objects.filter(sku=job.sku).exists():
            raise UnknownSkuError(job.sku)
        reservation = Reservation.objects.create(
            order_id=job.order_id,
            delivery=delivery,
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
