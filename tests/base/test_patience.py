"""One bound holds for all that is waited for in vain within a piece of work."""

from __future__ import annotations

import pytest

from base.patience import patience
from tests.support.waiting import let_pass


class AnsweredError(Exception):
    sqlstate = "22012"


def fail_after(seconds: float, error: type[Exception] = TimeoutError) -> None:
    with patience(seconds) as allowed:
        let_pass(min(seconds, allowed))
        raise error


def fail_twice() -> None:
    with patience(5):
        with pytest.raises(TimeoutError):
            fail_after(0.1)
        raise TimeoutError


def test_what_is_waited_in_vain_is_taken_from_what_is_left() -> None:
    with patience(0.3) as whole:
        assert whole == 0.3
        with pytest.raises(TimeoutError):
            fail_after(0.1)
        with patience(5) as left:
            assert 0.1 < left <= 0.2
        with pytest.raises(TimeoutError):
            fail_after(5)
        with patience(5) as left:
            assert left == 0
    with patience(5) as left:
        assert left == 5


def test_a_wait_within_a_wait_counts_once() -> None:
    with patience(10):
        with pytest.raises(TimeoutError):
            fail_twice()
        with patience(10) as left:
            assert 9.7 < left <= 9.9


def test_an_answer_costs_nothing_be_it_a_refusal() -> None:
    with patience(1):
        with patience(1):
            let_pass(0.05)
        with pytest.raises(AnsweredError):
            fail_after(0.05, AnsweredError)
        with patience(1) as left:
            assert left == 1
