"""Writers of one process wait for one another, and none of them polls or fails."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from labsite.settings.base import database
from labsite.sqlite.base import DatabaseWrapper, WriteSlot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django import DjangoDbBlocker


def test_a_slot_is_waited_for_and_handed_on() -> None:
    lock = threading.Lock()
    first, second = WriteSlot(lock, seconds=5), WriteSlot(lock, seconds=5)
    first.acquire()
    entered = threading.Event()

    def write() -> None:
        second.acquire()
        entered.set()
        second.release()

    thread = threading.Thread(target=write)
    thread.start()
    assert not entered.wait(0.05)
    first.release()
    assert entered.wait(5)
    thread.join()
    assert not lock.locked()


def test_after_its_timeout_a_slot_is_not_held() -> None:
    lock = threading.Lock()
    lock.acquire()
    slot = WriteSlot(lock, seconds=0.01)
    slot.acquire()
    assert not slot.held
    slot.release()
    assert lock.locked()


@pytest.mark.parametrize("times", [1, 2])
def test_a_slot_acquired_twice_is_released_once(times: int) -> None:
    lock = threading.Lock()
    slot = WriteSlot(lock, seconds=1)
    for _ in range(times):
        slot.acquire()
    slot.release()
    slot.release()
    assert not lock.locked()


@pytest.fixture
def connection(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[DatabaseWrapper]:
    """A connection to a file of its own."""
    described = database(f"sqlite:///{tmp_path / 'slots.sqlite3'}")
    made = ConnectionHandler({"default": described})["default"]
    assert isinstance(made, DatabaseWrapper)
    with django_db_blocker.unblock():
        yield made
        made.close()


@contextmanager
def atomic(connection: DatabaseWrapper) -> Iterator[None]:
    """Like `django.db.transaction.atomic`, which works on the settings' databases only."""
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    else:
        connection.commit()
    finally:
        connection.set_autocommit(True)


def is_held(connection: DatabaseWrapper) -> bool:
    return DatabaseWrapper._locks[str(connection.settings_dict["NAME"])].locked()


def test_a_transaction_holds_the_slot_until_it_is_committed(connection: DatabaseWrapper) -> None:
    with atomic(connection):
        assert is_held(connection)
    assert not is_held(connection)


def test_a_transaction_that_is_rolled_back_releases_the_slot(
    connection: DatabaseWrapper,
) -> None:
    with pytest.raises(OperationalError), atomic(connection):
        refuse()
    assert not is_held(connection)


def test_a_transaction_that_can_not_begin_releases_the_slot(connection: DatabaseWrapper) -> None:
    connection.ensure_connection()
    with (
        connection.execute_wrapper(refuse),
        pytest.raises(OperationalError),
        atomic(connection),
    ):
        pass
    assert not is_held(connection)


def test_a_statement_is_committed_when_it_has_been_run(connection: DatabaseWrapper) -> None:
    connection.run("CREATE TABLE t (a)", [])
    assert connection.run("INSERT INTO t VALUES (%s), (%s) RETURNING a", [1, 2])[1] == [(1,), (2,)]
    assert connection.run("UPDATE t SET a = %s", [3])[0] == 2
    assert not is_held(connection)
    connection.close()
    assert connection.run("SELECT a FROM t", [])[1] == [(3,), (3,)]


def test_a_statement_that_is_run_waits_for_the_writer_before_it(
    connection: DatabaseWrapper,
) -> None:
    connection.run("CREATE TABLE t (a)", [])
    held: list[bool] = []
    connection.connection.create_function("held", 0, lambda: held.append(is_held(connection)))
    connection.run("INSERT INTO t VALUES (held())", [])
    connection.run("SELECT held()", [])
    with atomic(connection):
        connection.run("INSERT INTO t VALUES (held())", [])
        assert is_held(connection)
    assert held == [True, False, True]


def test_what_a_run_statement_raises_is_an_error_of_djangos(connection: DatabaseWrapper) -> None:
    with pytest.raises(OperationalError):
        connection.run("INSERT INTO nothing VALUES (%s)", [1])
    assert not is_held(connection)


def test_closing_a_connection_releases_the_slot(connection: DatabaseWrapper) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    assert is_held(connection)
    connection.close()
    assert not is_held(connection)


def refuse(*_args: object) -> None:
    raise OperationalError


@pytest.mark.parametrize("rows", [0, 1, 2, 499, 500, 1_237])
def test_any_number_of_rows_is_inserted_in_order(connection: DatabaseWrapper, rows: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE pairs (a, b)")
        given = [(number, f"row {number}") for number in range(rows)]
        cursor.executemany("INSERT INTO pairs (a, b) VALUES (%s, %s) ON CONFLICT DO NOTHING", given)
        cursor.execute("SELECT a, b FROM pairs ORDER BY rowid")
        assert cursor.fetchall() == given
