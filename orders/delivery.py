"""Handing an order's job to the worker across the link ``api-to-worker``."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from opentelemetry import trace
from opentelemetry.trace import StatusCode

from boundary import time_left
from boundary.call import Outcome, post_json
from boundary.error_kind import ErrorKind
from boundary.log_messages import LOG_JOB_DELIVERED, LOG_JOB_NOT_DELIVERED
from orders.defences import retry
from orders.defences.breaker import Breaker
from orders.defences.names import CIRCUIT_BREAKER, DEFENCES, RETRY
from orders.faults import SWITCHES
from service.storage import release_connection
from systems.orders import API_TO_WORKER, ORDERS

if TYPE_CHECKING:
    from opentelemetry.trace import Span

    from orders.models import Order

log = logging.getLogger("orders")
tracer = trace.get_tracer("orders")

BOUNDARY = ORDERS.link(API_TO_WORKER).boundary
_POLICY = retry.Policy()
_BUDGET = retry.Budget()


BREAKER = Breaker()
"""Of the link to the worker, in this process; in force while its defence is on."""

# The worker answers and refuses this one job: such answers do not trip the breaker.
_HARMLESS = frozenset({None, ErrorKind.HTTP_4XX})


@dataclass(frozen=True, slots=True)
class HandOver:
    """The last outcome, and whether any of the attempts may have reached the worker."""

    outcome: Outcome
    may_have_arrived: bool


def hand_over(order: Order, *, within_ms: int | None = None) -> HandOver:
    """Send the job, again and again when the defence ``retry`` is on.

    A retry may make the worker do the job twice: a call that failed may have arrived. With
    ``within_ms`` all tries and waits together take no longer than that.
    """
    if not DEFENCES[RETRY]:
        outcome = deliver(order, timeout_ms=within_ms)
        return HandOver(outcome, outcome.may_have_arrived)
    _BUDGET.earn()
    started = time.monotonic()
    waited_ms, may_have_arrived = 0, False
    for attempt in range(1, _POLICY.max_attempts + 1):
        left_ms = None if within_ms is None else within_ms - round(_ms_since(started))
        outcome = deliver(
            order,
            attempt=attempt,
            max_attempts=_POLICY.max_attempts,
            waited_ms=waited_ms,
            timeout_ms=None if left_ms is None else max(1, left_ms),
        )
        may_have_arrived = may_have_arrived or outcome.may_have_arrived
        spent_ms = _ms_since(started)
        wait_ms = _POLICY.wait_ms(attempt, outcome.error_kind, spent_ms=spent_ms)
        if wait_ms is None or (within_ms is not None and spent_ms + wait_ms >= within_ms):
            break
        if not _BUDGET.spend():
            break
        waited_ms = wait_ms
        time.sleep(wait_ms / 1_000)
    return HandOver(outcome, may_have_arrived)


def deliver(
    order: Order,
    *,
    attempt: int = 1,
    max_attempts: int | None = 1,
    waited_ms: int = 0,
    timeout_ms: int | None = None,
) -> Outcome:
    """Send the job once, and record the outcome on span and log.

    ``max_attempts`` is None for a job that is sent until it is answered. The call takes no longer
    than ``timeout_ms``, nor than the setting allows.
    """
    timeout_ms = min(timeout_ms or settings.DELIVERY_TIMEOUT_MS, settings.DELIVERY_TIMEOUT_MS)
    attributes: dict[str, str | int] = {
        "lab.boundary": BOUNDARY,
        "lab.attempt": attempt,
        "lab.timeout_ms": timeout_ms,
        "lab.wait_ms": waited_ms,
    }
    if max_attempts is not None:
        attributes["lab.max_attempts"] = max_attempts
    if attempt > 1:
        attributes["http.request.resend_count"] = attempt - 1
    fields: dict[str, Any] = {
        "boundary": BOUNDARY,
        "attempt": attempt,
        "maxAttempts": max_attempts,
        "timeoutMs": timeout_ms,
    }
    with tracer.start_as_current_span("job.deliver", attributes=attributes) as span:
        outcome = _through_breaker(order, span, fields, timeout_ms=timeout_ms)
        _report(span, outcome, fields)
    return outcome


def _through_breaker(
    order: Order, span: Span, fields: dict[str, Any], *, timeout_ms: int
) -> Outcome:
    """Send the job if the breaker lets it, and report the outcome to the breaker."""
    if not DEFENCES[CIRCUIT_BREAKER]:
        BREAKER.forget()
        return _send(order, timeout_ms=timeout_ms)
    ticket = BREAKER.request()
    span.set_attribute("lab.circuit_breaker.state", ticket.name)
    if not ticket.admitted:
        fields["circuitBreaker"] = ticket.name
        return Outcome(0, held_back=True, detail=f"not sent: circuit breaker {ticket.name}")
    outcome = _send(order, timeout_ms=timeout_ms)
    changed = BREAKER.report(ticket, ok=outcome.error_kind in _HARMLESS)
    if changed is not None:
        log.warning("circuit breaker %s", changed, extra={"circuitBreaker": changed})
    return outcome


def _report(span: Span, outcome: Outcome, fields: dict[str, Any]) -> None:
    span.set_attribute("lab.elapsed_ms", outcome.elapsed_ms)
    if outcome.http_status is not None:
        span.set_attribute("http.response.status_code", outcome.http_status)
    fields |= {"elapsedMs": outcome.elapsed_ms, "httpStatus": outcome.http_status}
    if outcome.ok:
        log.info(LOG_JOB_DELIVERED, extra=fields)
        return
    if outcome.error_kind is not None:
        # A job that was held back met no failure: it has no kind of error.
        span.set_attribute("error.type", outcome.error_kind.value)
        fields["errorKind"] = outcome.error_kind.value
    span.set_status(StatusCode.ERROR, outcome.detail)
    log.error(LOG_JOB_NOT_DELIVERED, extra={**fields, "detail": outcome.detail})


def _ms_since(started: float) -> float:
    return (time.monotonic() - started) * 1_000


def _send(order: Order, *, timeout_ms: int) -> Outcome:
    if SWITCHES.find(API_TO_WORKER, "cut"):
        return Outcome(
            0,
            error_kind=ErrorKind.SIMULATED_PARTITION,
            detail="a switch in the code cuts this call",
        )
    release_connection()
    return post_json(
        f"{settings.WORKER_URL}/jobs/reserve-stock",
        {
            "orderId": str(order.id),
            "requestId": order.request_id,
            "sku": order.sku,
            "quantity": order.quantity,
        },
        timeout_ms=timeout_ms,
        headers={time_left.HEADER: str(timeout_ms)},
    )
