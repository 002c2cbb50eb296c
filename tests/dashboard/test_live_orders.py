"""Changed orders reach the open pages as both sides hold them; a missed frame can be noticed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dashboard import both_sides, live_orders
from dashboard.live_orders import MAX_WAITING, LiveOrders
from dashboard.signals import orders_changed
from telemetry.reading import queries
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Sides:
    """Both services, and the pages."""

    def __init__(self) -> None:
        self.answer = True
        self.watched = True
        self.asked: list[list[str]] = []
        self.frames: list[dict[str, Any]] = []

    def of_orders(self, ids: Sequence[str]) -> dict[str, Any]:
        self.asked.append(list(ids))
        orders = [{"orderId": each} for each in ids] if self.answer else []
        return {"orders": orders, "apiAnswers": self.answer, "workerAnswers": True}

    def send(self, frame: dict[str, Any], **_signal: Any) -> None:
        self.frames.append(frame)

    @property
    def orders(self) -> list[str]:
        """The orders of all frames, in turn."""
        return [order["orderId"] for frame in self.frames for order in frame.get("orders", ())]


@pytest.fixture
def sides(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sides]:
    made = Sides()
    monkeypatch.setattr(both_sides, "of_orders", made.of_orders)
    monkeypatch.setattr(queries, "orders_of_traces", lambda ids: [f"order of {id_}" for id_ in ids])
    monkeypatch.setattr(live_orders, "_QUIET_SECONDS", 0.3)
    monkeypatch.setattr(live_orders, "_RETRY_SECONDS", 0.05)
    orders_changed.connect(made.send)
    yield made
    orders_changed.disconnect(made.send)


@pytest.fixture
def live(sides: Sides) -> Iterator[LiveOrders]:
    made = LiveOrders()
    made.start(is_watched=lambda: sides.watched)
    yield made
    made.stop()


def test_an_order_that_changed_is_sent_with_a_number(live: LiveOrders, sides: Sides) -> None:
    live.changed(order_ids=["a"])
    eventually(lambda: sides.orders == ["a"])
    live.changed(order_ids=["b", "b"])
    eventually(lambda: sides.orders == ["a", "b"])
    assert [frame["number"] for frame in sides.frames if "orders" in frame] == [1, 2]


def test_the_order_of_a_trace_that_grew_is_sent(live: LiveOrders, sides: Sides) -> None:
    live.changed(trace_ids=["t"])
    eventually(lambda: sides.orders == ["order of t"])


def test_the_last_number_is_repeated_once_nothing_changes(live: LiveOrders, sides: Sides) -> None:
    live.changed(order_ids=["a"])
    eventually(lambda: sides.frames[-1:] == [{"type": "orders", "number": 1}])
    eventually(lambda: live._idle and live._repeat_at is None)
    assert len(sides.frames) == 2


def test_any_change_is_sent_without_asking(live: LiveOrders, sides: Sides) -> None:
    live.any_changed()
    eventually(lambda: sides.frames[:1] == [{"type": "orders", "number": 1, "any": True}])
    assert sides.asked == []


def test_more_than_can_wait_is_any_change(live: LiveOrders, sides: Sides) -> None:
    live.changed(order_ids=[str(number) for number in range(MAX_WAITING + 1)])
    eventually(lambda: any(frame.get("any") for frame in sides.frames))
    assert sides.asked == []


def test_a_side_that_does_not_answer_is_said_once_and_asked_until_it_does(
    live: LiveOrders, sides: Sides
) -> None:
    sides.answer = False
    live.changed(order_ids=["a"])
    eventually(lambda: len(sides.asked) >= 3)
    assert [frame["apiAnswers"] for frame in sides.frames if "orders" in frame] == [False]
    sides.answer = True
    eventually(lambda: sides.orders == ["a"])


def test_while_no_page_is_open_nobody_is_asked(live: LiveOrders, sides: Sides) -> None:
    sides.watched = False
    live.changed(order_ids=["unseen"])
    live.any_changed()
    eventually(lambda: not live._any)
    sides.watched = True
    live.changed(order_ids=["seen"])
    eventually(lambda: sides.orders)
    assert sides.asked == [["seen"]]
