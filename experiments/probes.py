"""What an experiment looks at. Each function is a probe of Chaos Toolkit's ``python`` provider.

A probe of the method returns an `Observation`: what was expected of the orders just placed beside
what the lab's own records say. Both services are asked out of band; the page and the client are
not asked. A probe of the hypothesis returns whether it holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from base.message import Message
from boundary.log_messages import LOG_JOB_NOT_DELIVERED
from experiments.checker.settling import wait_for
from experiments.checker.workload import Workload
from experiments.errors import ExperimentError
from experiments.observing import log_lines, records
from experiments.observing.observation import counted, observation, of_each, share
from experiments.runs.session import current, reporting
from experiments.texts import joined, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.observing.observation import Observation

    Configuration = Mapping[str, Any] | None


def orders_are_confirmed(within: float = 5, configuration: Configuration = None) -> bool:
    """Whether an order that is placed now is confirmed and reserved within seconds."""
    session = current(configuration)
    # A history of its own: the hypothesis is no part of the experiment's load.
    operation = Workload(session.lab).place_one()
    if operation.order_id is None:
        return False
    order_id = operation.order_id

    def settled() -> bool:
        order, reservation = session.lab.order(order_id), session.lab.reservation(order_id)
        return bool(order and order["status"] == "CONFIRMED" and reservation)

    return wait_for(settled, bool, within)


def no_fault_is_in_force(configuration: Configuration = None) -> bool:
    """Whether the lab is without faults."""
    return not current(configuration).lab.faults()


def firewall_is_permitted(configuration: Configuration = None) -> bool:
    """Whether the lab may change the firewall; when it may not, the run counts as skipped.

    :raises ActivityFailed: it may not; the text says why.
    """
    session = current(configuration)
    with reporting(session):
        problem = session.lab.firewall_problem()
        if problem is not None:
            error = ExperimentError("reason.no_firewall", reason=problem)
            session.skipped = error.message
            raise error
    return True


def has_link(name: str, configuration: Configuration = None) -> bool:
    """Whether the lab's system has the link ``name``; without it the run counts as skipped.

    :raises ActivityFailed: it has not.
    """
    session = current(configuration)
    with reporting(session):
        if name not in session.lab.links():
            error = ExperimentError("reason.no_link", name=name)
            session.skipped = error.message
            raise error
    return True


def answers(expected: int = 201, configuration: Configuration = None) -> Observation:
    """What HTTP status the clients got."""
    placed = current(configuration).placed
    return of_each(
        Message("observed.answer"),
        [plain(each.http_status or each.error) for each in placed],
        expected=plain(expected),
    )


def api_believes(
    expected: str = "CONFIRMED", within: float = 1, configuration: Configuration = None
) -> Observation:
    """What status the API holds for each order, once it is what is expected or time is up."""
    session = current(configuration)

    def observe() -> Observation:
        statuses = (records.status_of(session.lab, each) for each in session.placed)
        found = [records.status_message(status) for status in statuses]
        text = Message("observed.order_status")
        return of_each(text, found, expected=records.status_message(expected))

    return wait_for(observe, _is_ok, within)


def orders_made(
    expected: int = 1, within: float = 1, configuration: Configuration = None
) -> Observation:
    """How many orders the API has made of each request, once it is what is expected."""
    session = current(configuration)

    def observe() -> Observation:
        found = [plain(records.orders_of(session.lab, each)) for each in session.placed]
        return of_each(Message("observed.orders_made"), found, expected=plain(expected))

    return wait_for(observe, _is_ok, within)


def worker_reserved(
    expected: int = 1, within: float = 1, configuration: Configuration = None
) -> Observation:
    """How often the worker reserved stock for each order; 0 for never."""
    session = current(configuration)

    def observe() -> Observation:
        found = [plain(records.reservations_of(session.lab, each)) for each in session.placed]
        return of_each(Message("observed.reservations"), found, expected=plain(expected))

    return wait_for(observe, _is_ok, within)


def logged(
    message: str,
    fields: Mapping[str, Any] | None = None,
    within: float = 5,
    configuration: Configuration = None,
) -> Observation:
    """Whether each order has a log line with this message and these fields."""
    session = current(configuration)
    given = dict(fields or {})
    found = log_lines.wait_for_lines(session.lab, session.placed, message, given, within)
    return observation(
        Message("observed.log_line"),
        expected=plain(log_lines.line_text(message, given)),
        actual=counted(log_lines.found_text(line, given) for line in found),
        ok=log_lines.is_full(found),
    )


def errors_seen(
    expected: list[str], within: float = 5, configuration: Configuration = None
) -> Observation:
    """With which errorKind the API's call to the worker failed, and after how long."""
    session = current(configuration)
    message = LOG_JOB_NOT_DELIVERED
    found = log_lines.wait_for_lines(session.lab, session.placed, message, {}, within)
    kinds = [log_lines.error_kind_of(line) for line in found]
    actual = counted(log_lines.error_kind_message(kind) for kind in kinds)
    elapsed = [line["attributes"].get("elapsedMs", 0) for line in found if line]
    if elapsed:
        params = {"kinds": actual, "least": min(elapsed), "most": max(elapsed)}
        actual = Message("value.after", params)
    return observation(
        Message("observed.delivery_failure"),
        expected=joined([log_lines.error_kind_message(kind) for kind in expected], "value.one_of"),
        actual=actual,
        ok=bool(kinds) and set(kinds) <= set(expected),
    )


def some_logged(
    message: str,
    fields: Mapping[str, Any] | None = None,
    at_least: int = 1,
    at_most: int | None = None,
    within: float = 5,
    configuration: Configuration = None,
) -> Observation:
    """How many of the orders have a log line with this message and these fields."""
    session = current(configuration)
    given = dict(fields or {})

    def count() -> int:
        return sum(
            line is not None
            for line in log_lines.lines_of(session.lab, session.placed, message, given)
        )

    return share(
        Message("observed.orders_logged", {"line": log_lines.line_text(message, given)}),
        wait_for(count, lambda number: number >= at_least, within),
        orders=len(session.placed),
        at_least=at_least,
        at_most=at_most,
    )


def some_orders_are(
    status: str,
    at_least: int = 0,
    at_most: int | None = None,
    within: float = 1,
    configuration: Configuration = None,
) -> Observation:
    """How many of the orders the API holds to be in ``status``, once ``within`` seconds are up."""
    session = current(configuration)

    def count() -> int:
        return sum(records.status_of(session.lab, each) == status for each in session.placed)

    return share(
        Message("observed.orders_in_status", {"status": status}),
        # Looked at for the whole time: what is in this status now may leave it.
        wait_for(count, lambda number: not number, within),
        orders=len(session.placed),
        at_least=at_least,
        at_most=at_most,
    )


def clients_waited(
    over_ms: float,
    at_least: int = 0,
    at_most: int | None = None,
    configuration: Configuration = None,
) -> Observation:
    """How many clients waited longer than ``over_ms`` for their answer."""
    placed = current(configuration).placed
    return share(
        Message("observed.clients_waited", {"ms": f"{over_ms:g}"}),
        sum(each.latency_ms > over_ms for each in placed),
        orders=len(placed),
        at_least=at_least,
        at_most=at_most,
    )


def confirmed_after(
    at_least: float, at_most: float, configuration: Configuration = None
) -> Observation:
    """How many seconds after its acceptance each order was confirmed, by the API's own log."""
    session = current(configuration)

    def confirmed() -> list[float]:
        found = (records.seconds_to_confirm(session.lab, each) for each in session.placed)
        return [seconds for seconds in found if seconds]

    count = len(session.placed)
    got = wait_for(confirmed, lambda each: len(each) == count, at_most + 2)
    in_bounds = all(at_least <= seconds <= at_most for seconds in got)
    listed = ", ".join(f"{seconds:.1f}" for seconds in got)
    return observation(
        Message("observed.seconds_to_confirm"),
        expected=Message("value.range", {"least": f"{at_least:g}", "most": f"{at_most:g}"}),
        actual=plain(listed) if got else Message("value.never_confirmed"),
        ok=bool(got) and in_bounds and len(got) == count,
    )


def one_trace_each(within: float = 5, configuration: Configuration = None) -> Observation:
    """Whether each order is one trace, with spans of both services."""
    session = current(configuration)

    def observe() -> Observation:
        found = [records.traces_of(session.lab, each) for each in session.placed]
        return of_each(Message("observed.traces"), found, expected=records.ONE_TRACE)

    return wait_for(observe, _is_ok, within)


def _is_ok(observed: Observation) -> bool:
    return observed["ok"]
