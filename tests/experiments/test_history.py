"""A history keeps what was invoked in that order, however it ends, and comes back from a file."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from experiments.checker.history import History, Operation, Outcome, from_json


def operation(index: int, outcome: Outcome = "ok") -> Operation:
    return Operation(index, f"r{index}", started_ms=index * 10.0, ended_ms=100.0, outcome=outcome)


def test_operations_are_in_the_order_of_invocation() -> None:
    history = History()
    first, second, third = (history.invoke() for _ in range(3))
    for index in (third, first, second):
        history.end(operation(index))
    assert (first, second, third) == (0, 1, 2)
    assert [each.index for each in history.operations] == [0, 1, 2]


def test_an_operation_that_has_not_ended_is_not_in_it_yet() -> None:
    history = History()
    history.invoke()
    assert list(history.operations) == []


def test_a_history_that_was_kept_goes_on_behind_its_last_operation() -> None:
    assert History([operation(0), operation(1)]).invoke() == 2


def test_a_client_waited_from_its_start_to_its_end() -> None:
    assert operation(3).latency_ms == 70


def test_an_operation_is_one_attempt_unless_it_was_tried_again() -> None:
    assert operation(0).attempts == 1


def test_only_acknowledged_operations_are_acknowledged() -> None:
    history = History([operation(0), operation(1, "fail"), operation(2, "info"), operation(3)])
    assert [each.index for each in history.acknowledged] == [0, 3]


def test_it_comes_back_from_a_file_as_it_was() -> None:
    history = History([operation(0), operation(1, "info")])
    assert list(from_json(history.as_json()).operations) == list(history.operations)


def test_threads_never_share_an_index() -> None:
    history = History()
    with ThreadPoolExecutor(8) as pool:
        indexes = list(pool.map(lambda _: history.invoke(), range(400)))
    assert sorted(indexes) == list(range(400))
