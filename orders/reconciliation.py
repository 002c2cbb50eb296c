"""What became of orders that stay PENDING? The worker is asked, and what it did decides."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import Error
from django.utils import timezone
from opentelemetry import trace
from opentelemetry.context import attach, detach
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from boundary import request_id as request_ids
from boundary.call import delete_json, get_json
from orders import statements
from orders.defences import DEFENCES, RECONCILIATION
from orders.models import Order

if TYPE_CHECKING:
    from boundary.call import Outcome

log = logging.getLogger("orders")
tracer = trace.get_tracer("orders")

AFTER_SECONDS = 2
_EVERY_SECONDS = 1.0
_A_ROUND = 200
_NOT_FOUND = 404
# What was released was cancelled before: there is nothing left to decide.
_DECIDES = {"RESERVED": Order.Status.CONFIRMED, "REJECTED": Order.Status.REJECTED}
_PROPAGATOR = TraceContextTextMapPropagator()


def start() -> None:
    """Reconcile in a thread of its own, whenever the defence is on."""
    threading.Thread(target=_work, name="reconciliation", daemon=True).start()


def reconcile() -> int:
    """Ask about every order that has been PENDING for long; return how many were decided.

    Stops at the first question that gets no answer: the next round begins anew.
    """
    before = timezone.now() - timedelta(seconds=AFTER_SECONDS)
    pending = Order.objects.filter(status=Order.Status.PENDING, created_at__lt=before)
    decided = 0
    for order in pending.order_by("-created_at")[:_A_ROUND]:
        token = attach(_PROPAGATOR.extract({"traceparent": order.traceparent}))
        try:
            request_ids.carry(request_id=order.request_id, order_id=str(order.id))
            outcome = _ask(order)
        finally:
            detach(token)
        if outcome is None:
            decided += 1
        elif outcome.http_status != _NOT_FOUND:
            break
    return decided


def _ask(order: Order) -> Outcome | None:
    with tracer.start_as_current_span("order.reconcile") as span:
        outcome = get_json(
            f"{settings.WORKER_URL}/reservations/{order.id}",
            timeout_ms=settings.DELIVERY_TIMEOUT_MS,
        )
        if not outcome.ok:
            if outcome.error_kind is not None and outcome.http_status != _NOT_FOUND:
                span.set_attribute("error.type", outcome.error_kind.value)
            return outcome
        status = _DECIDES.get(outcome.body["status"])
        if status is not None and statements.decide(order.id, status.value, at=timezone.now()):
            log.info("order reconciled", extra={"status": status.value})
        return None


def release() -> int:
    """Release what the worker may hold for cancelled orders; return how many were settled.

    Stops at the first call that gets no good answer: the next round begins anew.
    """
    settled = 0
    for order in Order.objects.filter(release_due=True).order_by("created_at")[:_A_ROUND]:
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
            headers={"X-Lab-Secret": settings.LAB_SECRET},
        )
        if not outcome.ok:
            if outcome.error_kind is not None:
                span.set_attribute("error.type", outcome.error_kind.value)
            return False
        Order.objects.filter(id=order.id).update(release_due=False)
        log.info(
            "cancelled order settled with the worker", extra={"released": outcome.body["released"]}
        )
        return True


def _work() -> None:
    waiting = threading.Event()
    while True:
        waiting.wait(_EVERY_SECONDS)
        if not DEFENCES[RECONCILIATION]:
            continue
        try:
            reconcile()
            release()
        except Error as error:
            log.warning("orders could not be reconciled: %s", error)
