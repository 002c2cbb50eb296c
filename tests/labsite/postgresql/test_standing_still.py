"""Servers that stand still hold nobody up for long: 503 says why, and all goes on after."""

from __future__ import annotations

import json
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
import pytest
from websockets.sync.client import connect

from base.patience import patience
from service.postgresql.connection import BoundedConnection, NoAnswerError
from tests.support.servers import Servers, programs
from tests.support.service_process import ServiceProcess
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import requests
    from websockets.sync.client import ClientConnection

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(240),
    pytest.mark.skipif(None in programs().values(), reason="needs PostgreSQL's server"),
]


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with Servers() as started:
        yield started


@pytest.fixture(scope="module")
def environ(servers: Servers) -> dict[str, str]:
    return {name: url for name, url in servers.environ.items() if name != "REDIS_URL"}


@pytest.fixture
def api(tmp_path: Path, environ: dict[str, str]) -> Iterator[ServiceProcess]:
    with ServiceProcess("api", tmp_path, **environ) as started:
        yield started


@pytest.fixture
def observer(tmp_path: Path, environ: dict[str, str]) -> Iterator[ServiceProcess]:
    with ServiceProcess("observer", tmp_path, **environ) as started:
        yield started


@contextmanager
def within(seconds: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    # What a busy machine takes for itself is not waiting.
    assert time.monotonic() - began < seconds + 2


def is_ready(process: ServiceProcess) -> bool:
    return process.call("GET", "/readyz").ok


def problems(process: ServiceProcess) -> str:
    answer = process.call("GET", "/readyz")
    assert answer.status_code == 503
    return json.dumps(answer.json()["problems"])


def test_a_statement_is_not_waited_for_without_end(
    servers: Servers, environ: dict[str, str]
) -> None:
    url = environ["DATABASE_URL"]
    with BoundedConnection.connect(url, autocommit=True) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        with servers.postgres_standing_still(), patience(0.3):
            with pytest.raises(NoAnswerError, match="did not answer in time") as caught:
                connection.execute("SELECT 1")
            # Or it would be taken for the server's word that nothing was done.
            assert caught.value.sqlstate is None
            assert connection.closed
    with BoundedConnection.connect(url, autocommit=True) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        with pytest.raises(psycopg.errors.DivisionByZero):
            connection.execute("SELECT 1/0")


def test_orders_are_refused_readyz_says_why_and_all_goes_on(
    api: ServiceProcess, servers: Servers
) -> None:
    eventually(lambda: is_ready(api), seconds=20)
    before = api.call("POST", "/orders").json()["orderId"]
    with servers.postgres_standing_still(), ThreadPoolExecutor(24) as callers:
        with within(10):
            answers = list(callers.map(lambda _: api.call("POST", "/orders"), range(24)))
        assert {each.status_code for each in answers} == {503}
        assert {each.headers["Content-Type"] for each in answers} == {"application/json"}
        assert all("database" in each.json()["error"] for each in answers)
        assert "database" in problems(api)
        # Whoever comes once it is known waits a second.
        with within(1):
            assert api.call("GET", f"/orders/{before}").status_code == 503
        assert api.call("GET", "/healthz").ok
    eventually(lambda: is_ready(api), seconds=20)
    assert api.call("POST", "/orders").status_code == 201
    assert api.call("GET", f"/orders/{before}").ok
    assert [line for line in api.log.splitlines() if line.startswith("Traceback")] == []


def test_telemetry_is_refused_readyz_says_why_and_an_open_page_goes_on(
    observer: ServiceProcess, servers: Servers
) -> None:
    with connect(f"ws://127.0.0.1:{observer.port}/ws/live", max_size=None) as page:
        assert send(observer).status_code == 200
        with servers.postgres_standing_still():
            with within(10):
                refused = send(observer)
            assert (refused.status_code, "Retry-After" in refused.headers) == (503, True)
            assert "database" in refused.json()["message"]
            with within(2):
                assert "database" in problems(observer)
            assert observer.call("GET", "/healthz").ok
            with within(1):
                read = observer.call("GET", "/api/traces")
            assert read.status_code == 503
            assert "database" in read.json()["error"]
        eventually(lambda: is_ready(observer), seconds=20)
        name = secrets.token_hex(8)
        eventually(lambda: send(observer, name=name).ok)
        wait_for(page, name)


def test_a_redis_that_stands_still_keeps_no_page_from_what_is_stored(
    servers: Servers, tmp_path: Path
) -> None:
    redis = f"redis://127.0.0.1:{servers.redis_port}/0"
    with ServiceProcess("observer", tmp_path, REDIS_URL=redis) as observer:
        url = f"ws://127.0.0.1:{observer.port}/ws/live"
        with connect(url, max_size=None) as opened, servers.redis_standing_still():
            assert send(observer, name="an open page").ok
            wait_for(opened, "an open page")
            with connect(url, max_size=None) as new:
                wait_for(new, "hello")
                assert send(observer, name="a new page").ok
                wait_for(new, "a new page")
        eventually(lambda: is_ready(observer), seconds=20)
        # One that is gone is said to be, and refuses no telemetry either.
        servers.crash_redis()
        assert send(observer).ok
        eventually(lambda: not is_ready(observer), seconds=20)
        assert "live-news" in problems(observer)
        servers.start_redis()
        eventually(lambda: is_ready(observer), seconds=20)


def wait_for(page: ClientConnection, text: str) -> None:
    while text not in page.recv(timeout=15):
        pass


def send(observer: ServiceProcess, *, name: str = "a span") -> requests.Response:
    now = time.time_ns()
    span = {"traceId": secrets.token_hex(16), "spanId": secrets.token_hex(8), "name": name}
    span |= {"startTimeUnixNano": str(now), "endTimeUnixNano": str(now)}
    body = {"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}
    return observer.call("POST", "/v1/traces", json=body)
