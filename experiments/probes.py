"""What an experiment looks at. Each function is a probe of Chaos Toolkit's ``python`` provider.

A probe of the method returns an observation, ``{text, expected, actual, ok}``: what was expected
of the orders just placed beside what the lab's own records say. Both services are asked out of
band; what the page or the client believes is not asked for. A probe of the hypothesis returns
whether it holds.
"""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Any, TypeVar

from chaoslib.exceptions import ActivityFailed

from experiments.lab import LabError
from experiments.session import Session, current
from experiments.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from experiments.history import Operation

    Configuration = Mapping[str, Any] | None
    Observation = dict[str, Any]

T = TypeVar("T")

_PAUSE_SECONDS = 0.1
_SERVICES = {"api", "worker"}
_NOT_DELIVERED = "failed to deliver job to worker"


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

    return _wait_for(settled, bool, within)


def no_fault_is_in_force(configuration: Configuration = None) -> bool:
    """Whether the lab is whole."""
    return not current(configuration).lab.faults()


def firewall_is_permitted(configuration: Configuration = None) -> bool:
    """Whether the lab may change the firewall; when it may not, the run counts as skipped.

    :raises ActivityFailed: it may not; the text says why.
    """
    session = current(configuration)
    try:
        reason = session.lab.why_no_firewall()
    except LabError as error:
        raise ActivityFailed(str(error)) from error
    if reason:
        session.skipped = f"the lab may not change the firewall: {reason}"
        raise ActivityFailed(session.skipped)
    return True


def answers(expected: int = 201, configuration: Configuration = None) -> Observation:
    """What HTTP status the clients got."""
    got = Counter(each.http_status or each.error for each in current(configuration).placed)
    return _observation(
        "HTTP status that the client got", str(expected), _counted(got), ok=set(got) == {expected}
    )


def api_believes(
    expected: str = "CONFIRMED", within: float = 1, configuration: Configuration = None
) -> Observation:
    """What status the API holds for each order, once it is what is expected or time is up."""
    session = current(configuration)

    def statuses() -> Counter[Any]:
        return Counter(_status(session, each) for each in session.placed)

    got = _wait_for(statuses, lambda counted: set(counted) == {expected}, within)
    return _observation("What the API believes", expected, _counted(got), ok=set(got) == {expected})


def worker_reserved(
    expected: int = 1, within: float = 1, configuration: Configuration = None
) -> Observation:
    """How often the worker reserved stock for each order; 0 for never."""
    session = current(configuration)

    def counts() -> Counter[Any]:
        return Counter(_reservations(session, each) for each in session.placed)

    got = _wait_for(counts, lambda counted: set(counted) == {expected}, within)
    return _observation(
        "Reservations that the worker made for an order",
        str(expected),
        _counted(got),
        ok=set(got) == {expected},
    )


def logged(
    message: str,
    fields: Mapping[str, Any] | None = None,
    within: float = 5,
    configuration: Configuration = None,
) -> Observation:
    """Whether each order has a log line with this message and these fields."""
    session = current(configuration)
    wanted = dict(fields or {})

    def lines() -> list[dict[str, Any] | None]:
        return [_line(session, each, message, wanted) for each in session.placed]

    found = _wait_for(lines, lambda each: bool(each) and all(each), within)
    expected = ", ".join([message, *(f"{key} {value}" for key, value in wanted.items())])
    told = Counter(_told(line, message, wanted) for line in found)
    return _observation("Log line", expected, _counted(told), ok=bool(found) and all(found))


def errors_seen(
    expected: list[str], within: float = 5, configuration: Configuration = None
) -> Observation:
    """With which errorKind the API's call to the worker failed, and after how long."""
    session = current(configuration)

    def lines() -> list[dict[str, Any] | None]:
        return [_line(session, each, _NOT_DELIVERED, {}) for each in session.placed]

    found = _wait_for(lines, lambda each: bool(each) and all(each), within)
    kinds = Counter((line and line["attributes"].get("errorKind")) or "not sent" for line in found)
    elapsed = [line["attributes"].get("elapsedMs", 0) for line in found if line]
    after = f", after {min(elapsed)} to {max(elapsed)} ms" if elapsed else ""
    return _observation(
        "How the call to the worker failed",
        " or ".join(expected),
        f"{_counted(kinds)}{after}",
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
    wanted = dict(fields or {})

    def count() -> int:
        return sum(_line(session, each, message, wanted) is not None for each in session.placed)

    got = _wait_for(count, lambda number: number >= at_least, within)
    told = ", ".join([message, *(f"{key} {value}" for key, value in wanted.items())])
    return _share(f"Orders with the log line “{told}”", session, got, at_least, at_most)


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
        return sum(_status(session, each) == status for each in session.placed)

    # Looked at for the whole time: what is in this status now may leave it.
    got = _wait_for(count, lambda number: not number, within)
    return _share(f"Orders that the API holds to be {status}", session, got, at_least, at_most)


def clients_waited(
    over_ms: float,
    at_least: int = 0,
    at_most: int | None = None,
    configuration: Configuration = None,
) -> Observation:
    """How many clients waited longer than ``over_ms`` for their answer."""
    session = current(configuration)
    got = sum(each.latency_ms > over_ms for each in session.placed)
    return _share(
        f"Clients that waited over {over_ms:g} ms for their answer", session, got, at_least, at_most
    )


def confirmed_after(
    at_least: float, at_most: float, configuration: Configuration = None
) -> Observation:
    """How many seconds after its acceptance each order was confirmed, by the API's own log."""
    session = current(configuration)

    def all_confirmed() -> list[float]:
        return [seconds for each in session.placed if (seconds := _seconds(session, each))]

    expected_count = len(session.placed)
    got = _wait_for(all_confirmed, lambda each: len(each) == expected_count, at_most + 2)
    within = [at_least <= seconds <= at_most for seconds in got]
    return _observation(
        "Seconds from accepted to confirmed",
        f"{at_least:g} to {at_most:g}",
        ", ".join(f"{seconds:.1f}" for seconds in got) or "never confirmed",
        ok=bool(got) and all(within) and len(got) == expected_count,
    )


def one_trace_each(within: float = 5, configuration: Configuration = None) -> Observation:
    """Whether each order is one trace, with spans of both services."""
    session = current(configuration)

    def kinds() -> list[str]:
        return [_trace_kind(session, each) for each in session.placed]

    wanted = "one trace, api and worker"
    got = _wait_for(kinds, lambda each: set(each) == {wanted}, within)
    return _observation(
        "Traces of an order", wanted, _counted(Counter(got)), ok=set(got) == {wanted}
    )


def _observation(text: str, expected: str, actual: str, *, ok: bool) -> Observation:
    return {"text": text, "expected": expected, "actual": actual, "ok": ok}


def _share(
    text: str, session: Session, got: int, at_least: int, at_most: int | None
) -> Observation:
    orders = len(session.placed)
    wanted = [f"at least {at_least}"] if at_least or at_most is None else []
    wanted += [] if at_most is None else [f"at most {at_most}"]
    return _observation(
        text,
        " and ".join(wanted),
        f"{got} of {orders}",
        ok=bool(orders) and got >= at_least and (at_most is None or got <= at_most),
    )


def _wait_for(ask: Callable[[], T], enough: Callable[[T], bool], seconds: float) -> T:
    until = time.monotonic() + seconds
    got = ask()
    while not enough(got) and time.monotonic() < until:
        time.sleep(_PAUSE_SECONDS)
        got = ask()
    return got


def _status(session: Session, operation: Operation) -> str:
    order = session.lab.order(operation.order_id) if operation.order_id else None
    return order["status"] if order else "not known"


def _reservations(session: Session, operation: Operation) -> int:
    found = session.lab.reservation(operation.order_id) if operation.order_id else None
    return int(found.get("count", 1)) if found else 0


def _line(
    session: Session, operation: Operation, message: str, wanted: Mapping[str, Any]
) -> dict[str, Any] | None:
    lines = [log for log in session.lab.logs(operation.request_id) if log["msg"] == message]
    for log in lines:
        if all(log["attributes"].get(key) == value for key, value in wanted.items()):
            return log
    return None


def _told(line: Mapping[str, Any] | None, message: str, wanted: Mapping[str, Any]) -> str:
    if line is None:
        return "no such line"
    told = [f"{key} {line['attributes'][key]}" for key in wanted]
    elapsed = line["attributes"].get("elapsedMs")
    if elapsed is not None:
        told.append(f"elapsedMs {elapsed}")
    return ", ".join([message, *told])


def _seconds(session: Session, operation: Operation) -> float | None:
    moments: dict[str, int] = {}
    for log in session.lab.logs(operation.request_id):
        moments.setdefault(log["msg"], int(log["timeUnixNano"]))
    accepted, confirmed = moments.get("order accepted (pending)"), moments.get("order confirmed")
    return (confirmed - accepted) / 1e9 if accepted and confirmed else None


def _trace_kind(session: Session, operation: Operation) -> str:
    traces = session.lab.traces(operation.order_id) if operation.order_id else []
    services = {service["name"] for trace in traces for service in trace["services"]}
    seen = " and ".join(sorted(services & _SERVICES)) or "none"
    return f"{'one trace' if len(traces) == 1 else f'{len(traces)} traces'}, {seen}"


def _counted(counter: Counter[Any]) -> str:
    if not counter:
        return "no order was placed"
    if len(counter) == 1:
        return str(next(iter(counter)))
    return "; ".join(f"{value} (×{count})" for value, count in counter.most_common())
