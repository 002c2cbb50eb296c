"""Sending the API what was done, across the link ``worker-to-api``."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.conf import settings
from opentelemetry import trace
from opentelemetry.trace import StatusCode

from base.client import SECRET_HEADER
from boundary.call import Outcome, post_json
from boundary.error_kind import ErrorKind
from boundary.log_messages import LOG_CALLBACK_FAILED, LOG_CALLBACK_SENT, LOG_CALLBACK_SKIPPED
from service.storage import release_connection
from systems.orders import ORDERS, WORKER_TO_API
from worker.faults import SWITCHES
from worker.models import Reservation

if TYPE_CHECKING:
    from opentelemetry.trace import Span

log = logging.getLogger("worker")
tracer = trace.get_tracer("worker")

BOUNDARY = ORDERS.link(WORKER_TO_API).boundary
_EVENT = {
    Reservation.Status.RESERVED: "OrderStockReserved",
    Reservation.Status.REJECTED: "OrderStockRejected",
}


def send(
    reservation: Reservation,
    *,
    attempt: int = 1,
    max_attempts: int | None = 1,
    waited_ms: int = 0,
) -> Outcome | None:
    """Send the event once; None when a switch in the code skipped it.

    ``max_attempts`` is None for an event that is sent until it is acknowledged.
    """
    timeout_ms = settings.CALLBACK_TIMEOUT_MS
    with tracer.start_as_current_span(
        "callback.send",
        attributes={
            "lab.boundary": BOUNDARY,
            "lab.attempt": attempt,
            "lab.timeout_ms": timeout_ms,
            "lab.wait_ms": waited_ms,
        },
    ) as span:
        if attempt > 1:
            span.set_attribute("http.request.resend_count", attempt - 1)
        if max_attempts is not None:
            span.set_attribute("lab.max_attempts", max_attempts)
        fields: dict[str, Any] = {
            "boundary": BOUNDARY,
            "attempt": attempt,
            "maxAttempts": max_attempts,
            "timeoutMs": timeout_ms,
        }
        if SWITCHES.find(WORKER_TO_API, "cut"):
            _skip(span, fields)
            return None
        release_connection()
        outcome = post_json(
            f"{settings.API_CALLBACK_URL}/internal/order-events",
            {
                "type": _EVENT[Reservation.Status(reservation.status)],
                "orderId": str(reservation.order_id),
                "requestId": reservation.request_id,
            },
            timeout_ms=timeout_ms,
            headers={SECRET_HEADER: settings.LAB_SECRET},
        )
        _report(span, outcome, fields)
    return outcome


def _skip(span: Span, fields: dict[str, Any]) -> None:
    kind = ErrorKind.SIMULATED_PARTITION.value
    span.set_attribute("error.type", kind)
    span.set_attribute("lab.elapsed_ms", 0)
    span.set_status(StatusCode.ERROR, "a switch in the code cuts the call")
    log.error(
        LOG_CALLBACK_SKIPPED,
        extra={**fields, "elapsedMs": 0, "errorKind": kind},
    )


def _report(span: Span, outcome: Outcome, fields: dict[str, Any]) -> None:
    span.set_attribute("lab.elapsed_ms", outcome.elapsed_ms)
    if outcome.http_status is not None:
        span.set_attribute("http.response.status_code", outcome.http_status)
    fields |= {"elapsedMs": outcome.elapsed_ms, "httpStatus": outcome.http_status}
    if outcome.error_kind is None:
        log.info(LOG_CALLBACK_SENT, extra=fields)
        return
    span.set_attribute("error.type", outcome.error_kind.value)
    span.set_status(StatusCode.ERROR, outcome.detail)
    log.error(
        LOG_CALLBACK_FAILED,
        extra={**fields, "errorKind": outcome.error_kind.value, "detail": outcome.detail},
    )
