"""An order that cannot be made durable is refused, `/readyz` says why, and both recover."""

from __future__ import annotations

import sqlite3
import sys
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.support.ports import free_ports
from tests.support.service_process import ServiceProcess
from tests.support.waiting import eventually, let_pass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    import requests

pytestmark = pytest.mark.timeout(120)


@contextmanager
def locked(service: ServiceProcess) -> Iterator[None]:
    """Lock the orders for writing, as another process would."""
    path = service.directory / "orders.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


FAILURES = {"locked": (locked, "locked")}
if sys.platform == "linux":

    @contextmanager
    def full(service: ServiceProcess) -> Iterator[None]:
        """Let no file of the process grow past 4 kB, nor be written beyond."""
        process = psutil.Process(service.process.pid)
        before = process.rlimit(psutil.RLIMIT_FSIZE)
        process.rlimit(psutil.RLIMIT_FSIZE, (4_096, before[1]))
        yield
        process.rlimit(psutil.RLIMIT_FSIZE, before)

    FAILURES["full"] = (full, "disk")


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceProcess]:
    with ServiceProcess("api", tmp_path_factory.mktemp("api")) as started:
        yield started


def refused(answer: requests.Response, *, because: str) -> None:
    assert answer.status_code == 503, answer.text
    assert list(answer.json()) == ["error"]
    assert because in answer.json()["error"]
    assert int(answer.headers["Retry-After"]) > 0


def traces(service: ServiceProcess) -> list[str]:
    """List the traces in its log, but for those of loops, which log each failure so."""
    lines = service.log.splitlines()
    return [line for line in lines if "Traceback" in line and "in a row" not in line]


def problems(service: ServiceProcess) -> list[str]:
    answer = service.call("GET", "/readyz")
    found = [each["params"]["error"] for each in answer.json().get("problems", [])]
    assert answer.status_code == (503 if found else 200)
    return found


@pytest.mark.parametrize("failure", FAILURES)
def test_an_order_is_refused_with_the_reason_while_the_database_takes_none(
    api: ServiceProcess, failure: str
) -> None:
    fails: Callable[[ServiceProcess], AbstractContextManager[None]]
    fails, reason = FAILURES[failure]
    before = api.call("GET", "/orders").json()["orders"]
    with fails(api):
        refused(api.call("POST", "/orders"), because=reason)
        eventually(lambda: any(reason in each for each in problems(api)))
    eventually(lambda: problems(api) == [], seconds=20)
    placed = api.call("POST", "/orders")
    assert placed.status_code == 201
    orders = api.call("GET", "/orders").json()["orders"]
    assert [each["orderId"] for each in orders] == [
        placed.json()["orderId"],
        *(each["orderId"] for each in before),
    ]
    assert traces(api) == []


@pytest.mark.long
def test_readyz_finds_a_lock_though_nobody_orders(api: ServiceProcess) -> None:
    with locked(api):
        eventually(lambda: any("locked" in each for each in problems(api)), seconds=20)
    eventually(lambda: problems(api) == [], seconds=20)


@pytest.mark.skipif("full" not in FAILURES, reason="no limit of files here")
@pytest.mark.long
def test_a_full_disk_is_named_though_nobody_sends_telemetry_any_more(tmp_path: Path) -> None:
    now = str(time.time_ns())
    span = {"traceId": "ab" * 16, "spanId": "ab" * 8, "name": "n" * 20_000}
    span |= {"startTimeUnixNano": now, "endTimeUnixNano": now}
    body = {"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}
    with ServiceProcess("observer", tmp_path) as observer:
        fails, reason = FAILURES["full"]
        with fails(observer):
            assert observer.call("POST", "/v1/traces", json=body).status_code == 503
            # Longer than the writer waits before it looks again.
            let_pass(3)
            assert any(reason in each for each in problems(observer))
        eventually(lambda: problems(observer) == [], seconds=20)
        assert observer.call("POST", "/v1/traces", json=body).ok


def test_an_order_is_refused_when_postgresql_is_gone(tmp_path: Path) -> None:
    [closed] = free_ports(1)
    url = f"postgresql://lab@127.0.0.1:{closed}/lab"
    with ServiceProcess("api", tmp_path, DATABASE_URL=url, LAB_NO_MIGRATE="1") as service:
        refused(service.call("POST", "/orders"), because="can't be used")
        eventually(lambda: problems(service) != [])
        assert service.call("GET", "/healthz").ok
        assert traces(service) == []
