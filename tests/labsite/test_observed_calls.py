"""Who is known from telemetry alone joins the map by what it calls, and by who calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from labsite.observed_calls import MOST_OTHERS, ObservedCalls
from systems.running import RUNNING
from systems.system import UNKNOWN, SystemLink
from tests.telemetry.reading.rows import service, span, trace

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db(databases=["telemetry"])


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    RUNNING.saw_calls([])
    RUNNING.attach([])
    RUNNING.callers = {}


def call(number: int, caller: str, callee: str) -> None:
    trace_id = trace(number)
    client = f"{number * 10:016x}"
    span(trace_id, number * 10, kind="CLIENT", service=caller)
    span(trace_id, number * 10 + 1, kind="SERVER", service=callee, parent_span_id=client)
    for name in (caller, callee):
        service(trace_id, name)


def seen() -> set[tuple[str, str]]:
    return set(RUNNING.system.calls)


def test_a_caller_and_a_callee_of_a_service_of_the_system_join_it() -> None:
    observed = ObservedCalls()
    call(1, "shop", "api")
    call(2, "worker", "mail")
    observed.look()
    assert seen() == {("shop", "api"), ("worker", "mail")}
    assert RUNNING.system.others == ("shop", "mail")


def test_those_that_have_nothing_to_do_with_the_system_do_not() -> None:
    observed = ObservedCalls()
    call(1, "shop", "bank")
    call(2, "api", "worker")
    observed.look()
    assert seen() == set()


def test_the_other_side_may_be_stored_later() -> None:
    observed = ObservedCalls()
    trace_id = trace(1)
    span(trace_id, 11, kind="SERVER", service="mail", parent_span_id=f"{10:016x}")
    service(trace_id, "mail")
    observed.look()
    assert seen() == set()
    span(trace_id, 10, kind="CLIENT", service="worker")
    service(trace_id, "worker")
    observed.look()
    assert seen() == {("worker", "mail")}


def test_there_is_a_bound() -> None:
    observed = ObservedCalls()
    for number in range(1, MOST_OTHERS + 4):
        call(number, f"shop-{number}", "api")
    observed.look()
    assert len(RUNNING.system.others) == MOST_OTHERS


def test_who_calls_the_port_of_a_link_is_its_sender() -> None:
    observed = ObservedCalls()
    RUNNING.attach([SystemLink("wire", UNKNOWN, "db", "127.0.0.1:4999", "h:1", attached=True)])
    data = '{"a":{"server.address":"localhost","server.port":4999}}'
    span(trace(1), kind="CLIENT", service="shop", data=data)
    observed.look()
    assert RUNNING.callers == {4999: "shop"}


def test_starting_over_forgets_them() -> None:
    observed = ObservedCalls()
    call(1, "shop", "api")
    observed.look()
    observed.forget()
    assert seen() == set()
