"""The checker finds each way in which a run can be wrong, and nothing where nothing is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import strategies as st

from experiments.checker.check import ANOMALIES, Verdict, check
from experiments.checker.history import Operation, Outcome
from tests.support.properties import for_all

STOCK = [{"sku": "apple", "initial": 10, "available": 9, "reserved": 1}]


def operation(number: int, outcome: Outcome = "ok") -> Operation:
    return Operation(
        index=number,
        request_id=f"r{number}",
        started_ms=0,
        ended_ms=1,
        outcome=outcome,
        order_id=f"o{number}" if outcome == "ok" else None,
    )


def order(number: int, status: str = "CONFIRMED") -> dict[str, Any]:
    return {"orderId": f"o{number}", "requestId": f"r{number}", "status": status}


def reservation(number: int, status: str = "RESERVED") -> dict[str, Any]:
    return {"orderId": f"o{number}", "requestId": f"r{number}", "status": status}


def judge(
    operations: list[Operation], orders: list[Any], reservations: list[Any], stock: Any = STOCK
) -> Verdict:
    return check(operations, orders=orders, reservations=reservations, stock=stock)


def found(verdict: Verdict) -> dict[str, int]:
    return {kind: len(each) for kind, each in verdict.anomalies.items() if each}


def test_a_run_without_fault_is_valid() -> None:
    verdict = judge([operation(1)], [order(1)], [reservation(1)])
    assert verdict.ok
    assert verdict.as_json()["outcomes"] == {"ok": 1, "fail": 0, "info": 0}


def test_a_sold_out_order_is_valid() -> None:
    assert judge([operation(1)], [order(1, "REJECTED")], [reservation(1, "REJECTED")]).ok


@pytest.mark.parametrize(
    ("orders", "reservations", "kind"),
    [
        ([], [], "lost"),
        ([order(1, "PENDING")], [reservation(1)], "stuck"),
        ([order(1)], [reservation(1), reservation(1)], "reserved_twice"),
        ([order(1)], [], "confirmed_without_reservation"),
        ([order(1, "REJECTED")], [reservation(1)], "rejected_though_reserved"),
        ([order(1, "CANCELLED")], [], "cancelled_though_acknowledged"),
        (
            [order(1), order(2) | {"requestId": "r1"}],
            [reservation(1), reservation(2) | {"requestId": "r1"}],
            "placed_twice",
        ),
    ],
)
def test_each_wrong_run_is_found(orders: list[Any], reservations: list[Any], kind: str) -> None:
    verdict = judge([operation(1)], orders, reservations)
    assert found(verdict) == {kind: 1}
    assert verdict.anomalies[kind][0]["requestId"] == "r1"
    assert not verdict.ok


@pytest.mark.parametrize("status", ["PENDING", "CONFIRMED", "REJECTED"])
def test_an_order_that_its_client_saw_fail_must_not_have_been_taken(status: str) -> None:
    reserved = [reservation(1)] if status == "CONFIRMED" else []
    verdict = judge([operation(1, "fail")], [order(1, status)], reserved)
    assert verdict.anomalies["taken_though_failed"] == [{"orderId": "o1", "requestId": "r1"}]
    assert not verdict.ok


def test_an_operation_that_failed_and_left_nothing_is_valid() -> None:
    assert judge([operation(1, "fail")], [], []).ok


@pytest.mark.parametrize(
    ("answered", "held", "kinds"),
    [
        ("CONFIRMED", "CONFIRMED", {}),
        ("PENDING", "CONFIRMED", {}),
        ("REJECTED", "CONFIRMED", {"otherwise_than_told": 1}),
        (
            "CONFIRMED",
            "CANCELLED",
            {"cancelled_though_acknowledged": 1, "reserved_for_cancelled": 1},
        ),
    ],
)
def test_what_a_client_was_told_for_good_stays_so(
    answered: str, held: str, kinds: dict[str, int]
) -> None:
    acknowledged = replace(operation(1), status=answered)
    assert found(judge([acknowledged], [order(1, held)], [reservation(1)])) == kinds


def test_a_reservation_of_no_order_is_found() -> None:
    assert found(judge([operation(1, "info")], [], [reservation(1)])) == {
        "reserved_without_order": 1
    }


def test_a_cancelled_order_is_right_when_nothing_is_reserved_for_it() -> None:
    refused = operation(1, "fail")
    assert judge([refused], [order(1, "CANCELLED")], []).ok
    assert judge([refused], [order(1, "CANCELLED")], [reservation(1, "RELEASED")]).ok
    held = judge([refused], [order(1, "CANCELLED")], [reservation(1)])
    assert found(held) == {"reserved_for_cancelled": 1}


@pytest.mark.parametrize(
    "article",
    [
        {"sku": "apple", "initial": 10, "available": 9, "reserved": 2},
        {"sku": "apple", "initial": 10, "available": -1, "reserved": 11},
    ],
)
def test_stock_that_does_not_add_up_is_found(article: dict[str, Any]) -> None:
    verdict = judge([], [], [], [article])
    assert verdict.stock == [article]
    assert not verdict.ok


@pytest.mark.parametrize(("orders", "reservations"), [([], []), ([order(1)], [reservation(1)])])
def test_what_its_client_can_not_know_may_have_been_done_or_not(
    orders: list[Any], reservations: list[Any]
) -> None:
    assert judge([operation(1, "info")], orders, reservations).ok


def test_an_item_without_stock_left_adds_up() -> None:
    item = {"sku": "apple", "initial": 10, "available": 0, "reserved": 10}
    assert judge([], [], [], [item]).ok


def test_of_each_request_all_orders_but_one_are_too_many() -> None:
    orders = [order(number) | {"requestId": "r1"} for number in (1, 2, 3)]
    reservations = [reservation(number) | {"requestId": "r1"} for number in (1, 2, 3)]
    verdict = judge([operation(1)], orders, reservations)
    assert found(verdict) == {"placed_twice": 2}
    assert [each["orderId"] for each in verdict.anomalies["placed_twice"]] == ["o2", "o3"]


def test_an_acknowledged_order_is_found_by_its_own_id() -> None:
    verdict = judge([operation(1)], [order(2) | {"requestId": "r1"}], [])
    assert verdict.anomalies["lost"] == [{"orderId": "o1", "requestId": "r1"}]


def test_a_released_reservation_reserves_nothing() -> None:
    assert found(judge([operation(1)], [order(1)], [reservation(1, "RELEASED")])) == {
        "confirmed_without_reservation": 1
    }
    assert judge([operation(1, "info")], [], [reservation(1, "RELEASED")]).ok


def test_a_verdict_counts_all_and_names_the_first_fifty() -> None:
    operations = [operation(number) for number in range(60)] + [operation(60, "fail")]
    described = judge(operations, [], []).as_json()
    assert (described["operations"], described["orders"], described["reservations"]) == (61, 0, 0)
    assert described["outcomes"] == {"ok": 60, "fail": 1, "info": 0}
    lost = described["anomalies"]["lost"]
    assert lost["count"] == 60
    assert lost["means"] == "acknowledged to its client, and not known to the API"
    assert [each["orderId"] for each in lost["first"]] == [f"o{number}" for number in range(50)]


def test_other_requests_are_left_out() -> None:
    verdict = judge([operation(1)], [order(1), order(2, "PENDING")], [reservation(1)])
    assert verdict.ok
    assert (verdict.orders, verdict.reservations) == (1, 1)
    others = judge([operation(1)], [order(1)], [reservation(1), reservation(2)])
    assert (others.ok, others.reservations) == (True, 1)


@for_all(
    st.lists(
        st.tuples(
            st.sampled_from(["ok", "fail", "info"]),
            st.sampled_from([None, "PENDING", "CONFIRMED", "REJECTED", "CANCELLED"]),
            st.integers(0, 3),
        ),
        max_size=12,
    ),
    examples=100,
)
def test_a_verdict_is_good_only_when_every_order_is_whole(
    runs: list[tuple[Outcome, str | None, int]],
) -> None:
    operations = [operation(n, outcome) for n, (outcome, _, _) in enumerate(runs)]
    orders = [order(n, status) for n, (_, status, _) in enumerate(runs) if status]
    reservations = [reservation(n) for n, (_, _, count) in enumerate(runs) for _ in range(count)]
    whole = all(
        (status == "CONFIRMED" and count == 1 and outcome != "fail")
        or (status == "REJECTED" and count == 0 and outcome != "fail")
        or (status == "CANCELLED" and count == 0 and outcome != "ok")
        or (status is None and count == 0 and outcome != "ok")
        for outcome, status, count in runs
    )
    verdict = judge(operations, orders, reservations)
    assert verdict.ok == whole
    assert set(verdict.anomalies) == set(ANOMALIES)
