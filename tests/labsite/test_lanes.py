"""Calls that wait for the other service never hold up those that end the wait."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from labsite.lanes import RECEIVED, Lanes
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator


class Task:
    """What waitress hands to a dispatcher: a connection with a whole call."""

    def __init__(self, command: str, path: str, *, until: threading.Event | None = None) -> None:
        self.requests = [SimpleNamespace(command=command, path=path, headers={})]
        self.served = threading.Event()
        self._until = until

    def service(self) -> None:
        if self._until is not None:
            assert self._until.wait(10)
        self.served.set()

    def cancel(self) -> None:
        """Nothing to undo."""


@pytest.fixture
def lanes() -> Iterator[Lanes]:
    made = Lanes(2)
    yield made
    assert made.shutdown()


def test_a_callback_is_served_while_orders_hold_all_their_threads(lanes: Lanes) -> None:
    called_back = threading.Event()
    orders = [Task("POST", "/orders", until=called_back) for _ in range(5)]
    for order in orders:
        lanes.add_task(order)
    callback = Task("POST", "/internal/order-events")
    lanes.add_task(callback)
    assert callback.served.wait(5)
    called_back.set()
    assert all(order.served.wait(5) for order in orders)


def test_a_fault_is_healed_while_everything_else_is_held_up(lanes: Lanes) -> None:
    healed = threading.Event()
    held = [Task("POST", "/jobs/reserve-stock", until=healed) for _ in range(4)]
    held += [Task("GET", "/reservations/1", until=healed) for _ in range(4)]
    for task in held:
        lanes.add_task(task)
    heal = Task("DELETE", "/internal/faults")
    lanes.add_task(heal)
    assert heal.served.wait(5)
    eventually(lambda: len(lanes.queue) == len(held) - 4)
    healed.set()
    assert all(task.served.wait(5) for task in held)


def test_a_call_is_stamped_when_it_is_whole_whatever_its_caller_claims(lanes: Lanes) -> None:
    before = time.monotonic()
    task = Task("POST", "/jobs/reserve-stock")
    task.requests[0].headers[RECEIVED] = "1e9"
    lanes.add_task(task)
    assert before <= float(task.requests[0].headers[RECEIVED]) <= time.monotonic()


def test_a_call_that_could_not_be_parsed_is_served(lanes: Lanes) -> None:
    wrong = Task("GET", "")
    wrong.requests = [SimpleNamespace()]
    lanes.add_task(wrong)
    assert wrong.served.wait(5)
