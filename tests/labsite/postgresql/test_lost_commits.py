"""A connection that breaks at a commit: what became of it is unknown, and that is the answer."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from tests.labsite.postgresql.cutting_proxy import Cut, CuttingProxy
from tests.support.servers import Servers, programs
from tests.support.service_process import SECRET, ServiceProcess
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    import requests

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(180),
    pytest.mark.skipif(None in programs().values(), reason="needs PostgreSQL's server"),
]

ORDER = b'INSERT INTO "orders_order"'
RESERVATION = b'INSERT INTO "worker_reservation"'
KEPT = pytest.mark.parametrize("kept", [True, False], ids=["kept", "not kept"])
LAB = {"X-Lab-Secret": SECRET}


@pytest.fixture(scope="module")
def urls() -> Iterator[dict[str, str]]:
    """PostgreSQL's addresses, a database for each service."""
    with Servers() as servers:
        yield servers.environ


@pytest.fixture(scope="module")
def proxy(urls: dict[str, str]) -> Iterator[CuttingProxy]:
    server, _, _ = urls["DATABASE_URL"].rpartition("/")
    cutting = CuttingProxy(int(server.rpartition(":")[2]))
    with cutting.listening():
        yield cutting


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory, proxy: CuttingProxy) -> Iterator[ServiceProcess]:
    url = f"postgresql://lab@127.0.0.1:{proxy.port}/orders"
    with ServiceProcess("api", tmp_path_factory.mktemp("api"), DATABASE_URL=url) as started:
        yield started


@pytest.fixture(scope="module")
def worker(
    tmp_path_factory: pytest.TempPathFactory, proxy: CuttingProxy
) -> Iterator[ServiceProcess]:
    url = f"postgresql://lab@127.0.0.1:{proxy.port}/worker"
    directory = tmp_path_factory.mktemp("worker")
    with ServiceProcess("worker", directory, WORKER_DATABASE_URL=url) as started:
        yield started


def unknown(answer: requests.Response) -> dict[str, Any]:
    """Return the body of an answer that says why it's not known whether it was stored."""
    assert answer.status_code == 503, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    assert int(answer.headers["Retry-After"]) > 0
    body: dict[str, Any] = answer.json()
    assert "is not known" in body["error"]
    assert "server closed the connection" in body["error"]
    assert "can't be used" not in body["error"]
    assert body["stored"] == "unknown"
    return body


def becomes(service: ServiceProcess, path: str, status_code: int, **fields: str) -> None:
    """Wait until that is so: the database may still be at what it was sent."""

    def is_so() -> bool:
        found = service.call("GET", path)
        return found.status_code == status_code and found.json().items() >= fields.items()

    eventually(is_so)


def ready(service: ServiceProcess) -> None:
    eventually(lambda: service.call("GET", "/readyz").status_code == 200, seconds=20)
    # A loop logs each of its failures with one.
    assert not [
        line for line in service.log.splitlines() if "Traceback" in line and "in a row" not in line
    ]


@KEPT
@pytest.mark.parametrize("with_key", [False, True])
def test_of_an_order_it_is_not_said_that_it_was_refused(
    api: ServiceProcess, proxy: CuttingProxy, with_key: bool, kept: bool
) -> None:
    headers = {"X-Request-Id": str(uuid.uuid4())}
    if with_key:
        headers["Idempotency-Key"] = f'"{uuid.uuid4()}"'
    ready(api)
    proxy.next_cut = Cut(b"COMMIT" if with_key else ORDER, kept, after=ORDER)
    answer = api.call("POST", "/orders", headers=headers)
    body = unknown(answer)
    assert body["requestId"] == answer.headers["X-Request-Id"] == headers["X-Request-Id"]
    # The one honest way to learn it, at the place that the answer names.
    becomes(api, f"/orders/{body['orderId']}", 200 if kept else 404)
    ready(api)
    assert api.call("POST", "/orders").status_code == 201


@KEPT
def test_of_a_callback_it_is_not_said_that_it_was_refused(
    api: ServiceProcess, proxy: CuttingProxy, kept: bool
) -> None:
    ready(api)
    order_id = api.call("POST", "/orders").json()["orderId"]
    event = {"type": "OrderStockReserved", "orderId": order_id, "requestId": "r"}
    proxy.next_cut = Cut(b"UPDATE orders_order", kept)
    answer = api.call("POST", "/internal/order-events", json=event, headers=LAB)
    assert unknown(answer)["orderId"] == order_id
    becomes(api, f"/orders/{order_id}", 200, status="CONFIRMED" if kept else "PENDING")
    ready(api)
    assert api.call("POST", "/internal/order-events", json=event, headers=LAB).ok


@KEPT
def test_of_a_job_it_is_not_said_that_it_was_refused(
    worker: ServiceProcess, proxy: CuttingProxy, kept: bool
) -> None:
    ready(worker)
    job = {"orderId": str(uuid.uuid4()), "requestId": "r", "sku": "apple", "quantity": 1}
    proxy.next_cut = Cut(b"COMMIT", kept, after=RESERVATION)
    assert unknown(worker.call("POST", "/jobs/reserve-stock", json=job))["requestId"] == "r"
    becomes(worker, f"/reservations/{job['orderId']}", 200 if kept else 404)
    ready(worker)


@KEPT
def test_of_a_release_it_is_not_said_that_it_was_refused(
    worker: ServiceProcess, proxy: CuttingProxy, kept: bool
) -> None:
    ready(worker)
    path = f"/reservations/{uuid.uuid4()}"
    proxy.next_cut = Cut(b"COMMIT", kept, after=RESERVATION)
    unknown(worker.call("DELETE", path, headers=LAB))
    becomes(worker, path, 200 if kept else 404)
    ready(worker)
    assert worker.call("DELETE", path, headers=LAB).ok


def test_a_callback_that_was_sent_leaves_a_job_done_though_the_database_fails_then(
    worker: ServiceProcess, proxy: CuttingProxy
) -> None:
    ready(worker)
    worker.call("PATCH", "/internal/defences", json={"callback_outbox": True}, headers=LAB)
    job = {"orderId": str(uuid.uuid4()), "requestId": "r", "sku": "apple", "quantity": 1}
    proxy.next_cut = Cut(b'FROM "worker_callbackentry"', passed_on=False, after=RESERVATION)
    answer = worker.call("POST", "/jobs/reserve-stock", json=job)
    worker.call("PATCH", "/internal/defences", json={"callback_outbox": False}, headers=LAB)
    assert (answer.status_code, answer.json()["ok"]) == (200, True)
    ready(worker)


def test_orders_at_once_hold_no_more_connections_than_the_pool_has(
    api: ServiceProcess, urls: dict[str, str]
) -> None:
    ready(api)
    with ThreadPoolExecutor(48) as clients, psycopg.connect(urls["DATABASE_URL"]) as other:
        placed = [clients.submit(api.call, "POST", "/orders") for _ in range(200)]
        most = 0
        while not all(each.done() for each in placed):
            [counted] = other.execute(
                "SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = 'orders'"
            ).fetchall()[0]
            most = max(most, counted)
    assert {each.result().status_code for each in placed} == {201}
    assert 1 < most <= 16


def test_a_lock_is_not_waited_for_without_end(
    api: ServiceProcess, proxy: CuttingProxy, urls: dict[str, str]
) -> None:
    ready(api)
    with psycopg.connect(urls["DATABASE_URL"]) as other:
        other.execute("LOCK TABLE orders_order IN ACCESS EXCLUSIVE MODE")
        answer = api.call("POST", "/orders")
    assert answer.status_code == 503
    assert "lock timeout" in answer.json()["error"]
    assert "stored" not in answer.json()
    ready(api)
    assert api.call("POST", "/orders").status_code == 201
