"""The id that a request carries through headers, baggage, bodies, spans and logs."""

from __future__ import annotations

import re
import uuid

from opentelemetry import baggage, trace
from opentelemetry.context import Context, attach, get_current

HEADER = "X-Request-Id"
REQUEST_ID_KEY = "request.id"
ORDER_ID_KEY = "order.id"

_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")


def mint() -> str:
    """Make a new requestId."""
    return f"req-{uuid.uuid4().hex}"


def well_formed(value: object) -> bool:
    """Whether ``value`` may be taken over from a caller as a requestId."""
    return isinstance(value, str) and _WELL_FORMED.fullmatch(value) is not None


def choose(*offered: object) -> str:
    """Take over the first well-formed id that a caller offers, else mint one."""
    for value in offered:
        if isinstance(value, str) and well_formed(value):
            return value
    return mint()


def current() -> str | None:
    """Return the requestId of the current context, from its baggage."""
    value = baggage.get_baggage(REQUEST_ID_KEY)
    return value if isinstance(value, str) else None


def current_ids() -> tuple[str | None, str | None]:
    """Return the requestId and the orderId of the current context, from its baggage."""
    carried = baggage.get_all()
    request, order = carried.get(REQUEST_ID_KEY), carried.get(ORDER_ID_KEY)
    return (
        request if isinstance(request, str) else None,
        order if isinstance(order, str) else None,
    )


def carry(*, request_id: str, order_id: str | None = None) -> Context:
    """Put the ids into the current context's baggage, and on the span that is already open.

    The caller's own baggage goes on beside them. The context stays attached until the server's
    instrumentation leaves its own: that ends with the request.
    """
    context = baggage.set_baggage(REQUEST_ID_KEY, request_id, get_current())
    span = trace.get_current_span()
    span.set_attribute(REQUEST_ID_KEY, request_id)
    if order_id is not None:
        context = baggage.set_baggage(ORDER_ID_KEY, order_id, context)
        span.set_attribute(ORDER_ID_KEY, order_id)
    attach(context)
    return context
