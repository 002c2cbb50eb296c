"""Writers of one process wait for one another, and none of them polls or fails."""

from __future__ import annotations

import threading

import pytest

from labsite.sqlite.base import Turn


def test_a_turn_is_waited_for_and_handed_on() -> None:
    lock = threading.Lock()
    first, second = Turn(lock, seconds=5), Turn(lock, seconds=5)
    first.take()
    entered = threading.Event()

    def write() -> None:
        second.take()
        entered.set()
        second.give_back()

    thread = threading.Thread(target=write)
    thread.start()
    assert not entered.wait(0.05)
    first.give_back()
    assert entered.wait(5)
    thread.join()
    assert not lock.locked()


def test_a_turn_that_does_not_come_leaves_it_to_sqlite() -> None:
    lock = threading.Lock()
    lock.acquire()
    turn = Turn(lock, seconds=0.01)
    turn.take()
    assert not turn.taken
    turn.give_back()
    assert lock.locked()


@pytest.mark.parametrize("times", [1, 2])
def test_a_turn_taken_twice_is_given_back_once(times: int) -> None:
    lock = threading.Lock()
    turn = Turn(lock, seconds=1)
    for _ in range(times):
        turn.take()
    turn.give_back()
    turn.give_back()
    assert not lock.locked()
