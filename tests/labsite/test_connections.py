from __future__ import annotations

import threading

import pytest
from django.db import connection

from base.loops import Timer


@pytest.mark.django_db(transaction=True)
def test_a_timer_gives_its_connection_back_before_its_thread_ends() -> None:
    # On PostgreSQL one that was not given back is lost to its pool.
    closed = threading.Event()

    def action() -> None:
        connection.ensure_connection()
        connection.close = closed.set  # type: ignore[method-assign]

    timer = Timer("reads", action, delay=0)
    timer.start()
    assert closed.wait(5)


@pytest.mark.django_db(transaction=True)
def test_a_step_that_failed_leaves_no_connection_to_the_next() -> None:
    closed = threading.Event()

    def action() -> None:
        if not closed.is_set():
            connection.ensure_connection()
            connection.close = closed.set  # type: ignore[method-assign]
            raise ValueError("broken")

    timer = Timer("breaks", action, delay=0)
    timer.start()
    assert closed.wait(5)
    timer.stop()
