"""Setting stock aside: by one conditional UPDATE, so that it never falls below zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import router, transaction
from django.db.models import F, Max
from django.utils import timezone
from opentelemetry import trace

from worker.models import Reservation, Sku

if TYPE_CHECKING:
    from worker.wire import Job

tracer = trace.get_tracer("worker")


class UnknownSkuError(Exception):
    """There is no such article: not sold out, but never there."""


def reserve(job: Job) -> Reservation:
    """Set stock aside for one delivery of ``job``, or record that there was not enough.

    Stock and reservation are committed together.

    :raises UnknownSkuError: the job names an article that the worker does not keep.
    """
    alias = router.db_for_write(Reservation)
    with (
        tracer.start_as_current_span(
            "stock.reserve", attributes={"lab.sku": job.sku, "lab.quantity": job.quantity}
        ) as span,
        transaction.atomic(using=alias),
    ):
        # Of two that want the last piece, the one whose UPDATE comes first gets it.
        taken = Sku.objects.filter(sku=job.sku, available__gte=job.quantity).update(
            available=F("available") - job.quantity
        )
        if not taken and not Sku.objects.filter(sku=job.sku).exists():
            raise UnknownSkuError(job.sku)
        status = Reservation.Status.RESERVED if taken else Reservation.Status.REJECTED
        span.set_attribute("lab.reservation", status.value)
        return Reservation.objects.create(
            order_id=job.order_id,
            delivery=_next_delivery(job),
            sku=job.sku,
            quantity=job.quantity,
            status=status,
            request_id=job.request_id,
            created_at=timezone.now(),
        )


def _next_delivery(job: Job) -> int:
    last: int | None = Reservation.objects.filter(order_id=job.order_id).aggregate(
        last=Max("delivery")
    )["last"]
    return (last or 0) + 1
