"""Handing an order's job to the worker across the link ``api-to-worker``."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from opentelemetry import trace
from opentelemetry.trace import StatusCode

from boundary.call import Outcome, post_json
from boundary.error_kind import ErrorKind
from orders import retry
from orders.defences import DEFENCES, RETRY
from orders.faults import API_TO_WORKER, SWITCHES

if TYPE_CHECKING:
    from orders.models import Order

log = logging.getLogger("orders")
tracer = trace.get_tracer("orders")

BOUNDARY = "api->worker"
_POLICY = retry.Policy()
_BUDGET = retry.Budget()


def hand_over(order: Order) -> Outcome:
    """Send the job, again and again when the defence ``retry`` is on, and return the last outcome.

    A retry may make the worker do the job twice: a call that failed may have arrived.
    """
    if not DEFENCES[RETRY]:
        return deliver(order)
    _BUDGET.earn()
    started = time.monotonic()
    waited_ms = 0
    for attempt in range(1, _POLICY.max_attempts + 1):
        outcome = deliver(
            order, attempt=attempt, max_attempts=_POLICY.max_attempts, waited_ms=waited_ms
        )
        spent_ms = (time.monotonic() - started) * 1_000
        wait_ms = _POLICY.wait_ms(attempt, outcome.error_kind, spent_ms=spent_ms)
        if wait_ms is None or not _BUDGET.spend():
            break
        waited_ms = wait_ms
        time.sleep(wait_ms / 1_000)
    return outcome


def deliver(
    order: Order, *, attempt: int = 1, max_attempts: int | None = 1, waited_ms: int = 0
) -> Outcome:
    """Send the job once, and say on span and log what came of it.

    ``max_attempts`` is None for a job that is sent until it is answered.
    """
    timeout_ms = settings.DELIVERY_TIMEOUT_MS
    with tracer.start_as_current_span(
        "job.deliver",
        attributes={
            "lab.boundary": BOUNDARY,
            "lab.attempt": attempt,
            "lab.timeout_ms": timeout_ms,
            "lab.wait_ms": waited_ms,
        },
    ) as span:
        if max_attempts is not None:
            span.set_attribute("lab.max_attempts", max_attempts)
        outcome = _send(order, timeout_ms=timeout_ms)
        span.set_attribute("lab.elapsed_ms", outcome.elapsed_ms)
        if outcome.http_status is not None:
            span.set_attribute("http.response.status_code", outcome.http_status)
        fields: dict[str, Any] = {
            "boundary": BOUNDARY,
            "attempt": attempt,
            "maxAttempts": max_attempts,
            "timeoutMs": timeout_ms,
            "elapsedMs": outcome.elapsed_ms,
            "httpStatus": outcome.http_status,
        }
        if outcome.error_kind is None:
            log.info("job delivered to worker", extra=fields)
        else:
            span.set_attribute("error.type", outcome.error_kind.value)
            span.set_status(StatusCode.ERROR, outcome.detail)
            log.warning(
                "failed to deliver job to worker",
                extra={**fields, "errorKind": outcome.error_kind.value, "detail": outcome.detail},
            )
    return outcome


def _send(order: Order, *, timeout_ms: int) -> Outcome:
    if SWITCHES.find(API_TO_WORKER, "cut"):
        return Outcome(
            0,
            error_kind=ErrorKind.SIMULATED_PARTITION,
            detail="a switch in the code cuts this call",
        )
    return post_json(
        f"{settings.WORKER_URL}/jobs/reserve-stock",
        {
            "orderId": str(order.id),
            "requestId": order.request_id,
            "sku": order.sku,
            "quantity": order.quantity,
        },
        timeout_ms=timeout_ms,
    )
