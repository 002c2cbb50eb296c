"""Setting stock aside: by one conditional UPDATE, so that it never falls below zero."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, router, transaction
from django.db.models import F
from django.utils import timezone
from opentelemetry import trace

from service.changes import CHANGES
from service.storage import storing
from worker import callback_outbox, statements
from worker.defences import CALLBACK_OUTBOX, DEFENCES
from worker.errors import StartedOverError, UnknownSkuError
from worker.models import Reservation, Sku

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from worker.wire import Job

tracer = trace.get_tracer("worker")

_MAX_TRIES = 20


_MOST_GONE = 100_000


class _Beginnings:
    count = 0
    # Orders that are gone: the newest, since what is on its way for one does not stay so for long.
    gone: dict[uuid.UUID, None] = {}


_BEGINNINGS = _Beginnings()


@dataclass(frozen=True, slots=True)
class Reserved:
    """What was done for a job; ``repeated`` when it had been done before.

    The reservation is RELEASED when the order was cancelled before: then nothing was done.
    """

    reservation: Reservation
    repeated: bool = False


def beginnings() -> int:
    """Count how often this process has been started over: what a job is to know when it comes."""
    return _BEGINNINGS.count


def start_over() -> dict[str, int]:
    """Put all stock back and remove all reservations; return how many there were.

    A job that came before and has not reserved anything yet will not.
    """
    _BEGINNINGS.count += 1
    return {"reservations": statements.restock()}


def forget(order_ids: Sequence[uuid.UUID]) -> int:
    """Put back what is set aside for orders that are gone; a job for one reserves nothing any more.

    Returns how many reservations there were.
    """
    gone = _BEGINNINGS.gone
    gone |= dict.fromkeys(order_ids)
    for oldest in list(gone)[: max(0, len(gone) - _MOST_GONE)]:
        del gone[oldest]
    return statements.restock_of(order_ids)


def reserve(job: Job, *, came_in: int | None = None, once: bool = False) -> Reserved:
    """Set stock aside for one delivery of ``job``, or record that there was not enough.

    With ``once``, a job that was acted on before is not acted on again. Stock and reservation are
    committed together. ``came_in`` is what `beginnings` returned when the job came.

    :raises UnknownSkuError: the job names an item that the worker does not keep.
    :raises StartedOverError: the worker has been started over since it came, or its order is gone.
    :raises UnknownOutcomeError: the connection broke; it may be stored.
    """
    with tracer.start_as_current_span(
        "stock.reserve", attributes={"lab.sku": job.sku, "lab.quantity": job.quantity}
    ) as span:
        with storing(orderId=str(job.order_id), requestId=job.request_id):
            reserved = _once(job, came_in) if once else _each_time(job, came_in)
        CHANGES.note(job.order_id)
        span.set_attribute("lab.reservation", reserved.reservation.status)
        if reserved.repeated:
            span.set_attributes({"lab.repeated": True})
        return reserved


def release(order_id: uuid.UUID, *, request_id: str) -> int:
    """Put back what is set aside for a cancelled order, and keep later jobs from taking any.

    Returns how many reservations were released; 0 when there was none, or it was done before.
    """
    if order_id in _BEGINNINGS.gone:
        return 0
    with tracer.start_as_current_span("stock.release") as span:
        for _ in range(_MAX_TRIES):
            try:
                with (
                    storing(orderId=str(order_id), requestId=request_id),
                    transaction.atomic(using=router.db_for_write(Reservation)),
                ):
                    released = _release(order_id, request_id=request_id)
            except IntegrityError:
                # A job of this order came at the same time, and took the number: look again.
                continue
            CHANGES.note(order_id)
            span.set_attribute("lab.released", released)
            return released
    raise IntegrityError(f"{_MAX_TRIES} deliveries of {order_id} came first")


def _release(order_id: uuid.UUID, *, request_id: str) -> int:
    # Read before the items: what comes in between takes the number, and this begins anew.
    last, cancelled = statements.deliveries_of(order_id)
    if cancelled:
        return 0
    rows = Reservation.objects.filter(order_id=order_id)
    # Article first, then reservation, as a job takes them: or else the two could lock each other.
    items = Sku.objects.filter(sku__in=rows.values_list("sku", flat=True)).order_by("sku")
    list(items.select_for_update())
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


def _once(job: Job, came_in: int | None) -> Reserved:
    known = _first(job)
    if known is None:
        try:
            return Reserved(_take(job, came_in))
        except IntegrityError:
            # The same job, at the same time: the other one got there first.
            known = _first(job)
            if known is None:
                raise
    return Reserved(known, repeated=True)


def _each_time(job: Job, came_in: int | None) -> Reserved:
    with suppress(IntegrityError, UnknownSkuError):
        # Nearly every job is the first of its order: whether it is need not be read before.
        return Reserved(_take(job, came_in, delivery=1))
    for _ in range(_MAX_TRIES):
        try:
            last, cancelled = statements.deliveries_of(job.order_id)
            if cancelled:
                return Reserved(Reservation.objects.get(order_id=job.order_id, quantity=0))
            return Reserved(_take(job, came_in, delivery=last + 1))
        except IntegrityError:
            # Another one for the same order has just taken this number: take the next.
            continue
    raise IntegrityError(f"{_MAX_TRIES} other deliveries of {job.order_id} came first")


def _take(job: Job, came_in: int | None, *, delivery: int = 1) -> Reservation:
    with transaction.atomic(using=router.db_for_write(Reservation)):
        taken = statements.take(job.sku, job.quantity)
        # Only now: whoever starts over holds the stock until it is done, or waits for this job.
        if came_in not in (None, beginnings()) or job.order_id in _BEGINNINGS.gone:
            raise StartedOverError
        if not taken and not Sku.objects.filter(sku=job.sku).exists():
            raise UnknownSkuError(job.sku)
        reservation = Reservation(
            order_id=job.order_id,
            delivery=delivery,
            sku=job.sku,
            quantity=job.quantity,
            status=Reservation.Status.RESERVED if taken else Reservation.Status.REJECTED,
            request_id=job.request_id,
            created_at=timezone.now(),
        )
        statements.RESERVATIONS.insert(reservation)
        if DEFENCES[CALLBACK_OUTBOX]:
            callback_outbox.add(reservation)
        return reservation


def _first(job: Job) -> Reservation | None:
    return Reservation.objects.filter(order_id=job.order_id).order_by("delivery").first()
