"""Reconciliation: orders that stay PENDING get the outcome that the worker has recorded."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from opentelemetry import trace
from opentelemetry.context import attach, detach
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from base.client import SECRET_HEADER
from base.loops import Loop
from boundary import request_id as request_ids
from boundary.call import delete_json, get_json
from boundary.log_messages import LOG_ORDER_RECONCILED
from orders import statements
from orders.defences.names import DEFENCES, RECONCILIATION
from orders.models import Order

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from boundary.call import Outcome

log = logging.getLogger("orders")
tracer = trace.get_tracer("orders")

AFTER_SECONDS = 2
_EVERY_SECONDS = 1.0
_BATCH_SIZE = 200
_NOT_FOUND = 404
# RELEASED is left out: such an order has been cancelled already.
_DECIDES = {"RESERVED": Order.Status.CONFIRMED, "REJECTED": Order.Status.REJECTED}
_PROPAGATOR = TraceContextTextMapPropagator()


class _Pending:
    """Selects the orders of each round: the newest, and a batch of the others, round-robin.

    Older orders are reached however many newer ones stay undecided.
    """

    def __init__(self) -> None:
        self._after: tuple[datetime, uuid.UUID] | None = None

    def next_round(self) -> list[Order]:
        """Return up to `_BATCH_SIZE` orders, without duplicates."""
        now = timezone.now()
        before = now - timedelta(seconds=AFTER_SECONDS)
        # One of the future was made before the clock was put back.
        old = Q(created_at__lt=before) | Q(created_at__gt=now)
        pending = Order.objects.filter(old, status=Order.Status.PENDING)
        newest = list(pending.order_by("-created_at", "-id")[: _BATCH_SIZE // 2])
        others_due = pending.order_by("created_at", "id")
        if self._after is not None:
            created_at, order_id = self._after
            others_due = others_due.filter(
                Q(created_at__gt=created_at) | Q(created_at=created_at, id__gt=order_id)
            )
        others = list(others_due[: _BATCH_SIZE // 2])
        last = others[-1] if len(others) == _BATCH_SIZE // 2 else None
        self._after = None if last is None else (last.created_at, last.id)
        return list({order.id: order for order in (*newest, *others)}.values())


_PENDING = _Pending()


def start() -> None:
    """Start to reconcile, whenever the defence is on, in a thread of its own."""
    LOOP.start()


def reconcile() -> int:
    """Fetch the outcome of orders that are still PENDING; return how many were decided.

    Stops at the first call that fails; the next round starts again.
    """
    decided = 0
    for order in _PENDING.next_round():
        token = attach(_PROPAGATOR.extract({"traceparent": order.traceparent}))
        try:
            request_ids.carry(request_id=order.request_id, order_id=str(order.id))
            outcome = _fetch_and_decide(order)
        finally:
            detach(token)
        if outcome is None:
            decided += 1
        elif outcome.http_status != _NOT_FOUND:
            break
    return decided


def _fetch_and_decide(order: Order) -> Outcome | None:
    with tracer.start_as_current_span("order.reconcile") as span:
        outcome = get_json(
            f"{settings.WORKER_URL}/reservations/{order.id}",
            timeout_ms=settings.DELIVERY_TIMEOUT_MS,
        )
        if not outcome.ok:
            if outcome.error_kind is not None and outcome.http_status != _NOT_FOUND:
                span.set_attribute("error.type", outcome.error_kind.value)
            return outcome
        status = _DECIDES.get(outcome.body.get("status"))
        if status is not None and statements.decide(order.id, status.value, at=timezone.now()):
            log.info(LOG_ORDER_RECONCILED, extra={"status": status.value})
        return None


def release() -> int:
    """Release what the worker may hold for cancelled orders; return how many were settled.

    Stops at the first call that fails; the next round starts again.
    """
    settled = 0
    for order in Order.objects.filter(release_due=True).order_by("created_at")[:_BATCH_SIZE]:
        token = attach(_PROPAGATOR.extract({"traceparent": order.traceparent}))
        try:
            request_ids.carry(request_id=order.request_id, order_id=str(order.id))
            released = _release(order)
        finally:
            detach(token)
        if not released:
            break
        settled += 1
    return settled


def _release(order: Order) -> bool:
    with tracer.start_as_current_span("order.release") as span:
        outcome = delete_json(
            f"{settings.WORKER_URL}/reservations/{order.id}",
            timeout_ms=settings.DELIVERY_TIMEOUT_MS,
            headers={SECRET_HEADER: settings.LAB_SECRET},
        )
        if not outcome.ok:
            if outcome.error_kind is not None:
                span.set_attribute("error.type", outcome.error_kind.value)
            return False
        Order.objects.filter(id=order.id).update(release_due=False)
        log.info(
            "cancelled order settled with the worker",
            extra={"released": outcome.body.get("released")},
        )
        return True


def _round() -> None:
    if not DEFENCES[RECONCILIATION]:
        return
    try:
        reconcile()
    finally:
        release()


LOOP = Loop("reconciliation", _round, every=_EVERY_SECONDS, delay=_EVERY_SECONDS)
