"""What the lab holds and has recorded of one order; both services are asked out of band."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.message import Message
from boundary.log_messages import LOG_ORDER_ACCEPTED, LOG_ORDER_CONFIRMED
from experiments.texts import joined, plain
from systems.orders import ORDERS

if TYPE_CHECKING:
    from base.lab import Lab
    from experiments.checker.history import Operation

_NEWEST = 200
_SERVICES = frozenset(ORDERS.service_names)

UNKNOWN = "not known"
"""The status of an order that the API does not know; an experiment's file may expect it."""

ONE_TRACE = Message(
    "value.one_trace",
    {"services": Message("value.and", {"first": plain("api"), "rest": plain("worker")})},
)
"""The traces of an order of which both services have their part in one."""


def status_of(lab: Lab, operation: Operation) -> str:
    """Return the status that the API holds for an order, or `UNKNOWN`."""
    order = lab.order(operation.order_id) if operation.order_id else None
    return str(order["status"]) if order else UNKNOWN


def status_message(status: str) -> Message:
    """Put a status into a message: its name, but for `UNKNOWN`."""
    return Message("value.unknown_order") if status == UNKNOWN else plain(status)


def orders_of(lab: Lab, operation: Operation) -> int:
    """Count the orders that the API has made of a request, among its newest."""
    orders = lab.newest_orders(_NEWEST)
    return sum(order["requestId"] == operation.request_id for order in orders)


def reservations_of(lab: Lab, operation: Operation) -> int:
    """Count how often the worker reserved stock for an order."""
    found = lab.reservation(operation.order_id) if operation.order_id else None
    return int(found.get("count", 1)) if found else 0


def seconds_to_confirm(lab: Lab, operation: Operation) -> float | None:
    """Return the seconds from acceptance to confirmation by the API's log; None without both."""
    moments: dict[str, int] = {}
    for log in lab.logs(requestId=operation.request_id):
        moments.setdefault(log["msg"], int(log["timeUnixNano"]))
    accepted, confirmed = moments.get(LOG_ORDER_ACCEPTED), moments.get(LOG_ORDER_CONFIRMED)
    return (confirmed - accepted) / 1e9 if accepted and confirmed else None


def traces_of(lab: Lab, operation: Operation) -> Message:
    """Say how many traces name an order, and spans of which services they have."""
    traces = lab.traces(orderId=operation.order_id) if operation.order_id else []
    names = {service["name"] for trace in traces for service in trace["services"]} & _SERVICES
    services = (
        joined([plain(name) for name in sorted(names)], "value.and")
        if names
        else Message("value.no_service")
    )
    if len(traces) == 1:
        return Message("value.one_trace", {"services": services})
    return Message("value.traces", {"count": len(traces), "services": services})
