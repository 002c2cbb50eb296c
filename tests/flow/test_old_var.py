"""A lab kept for months: a `var/` of November 2026 opens in this version with its data kept."""

from __future__ import annotations

import sqlite3
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db.migrations.loader import MigrationLoader

from tests.support.processes import LabProcesses
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.flow, pytest.mark.timeout(120)]

OLD_VAR = Path(__file__).parent.parent / "data" / "var-2026-11" / "var.zip"
RUN = "20261129T212954035-f8cf"
IMPORTED_TRACE = "5b8aa5a2d2c872e8321cf37308d69df2"
LOST = "e2cd8e3d-1f82-4773-9171-d41ecb8f31e7"
WAITING = "3276448e-850b-44ef-8bdc-29e94e6c288f"
# Order, its status, its sku and quantity, the status of its reservation.
ORDERS = [
    ("8b65b21e-1770-4571-bc77-7399e6ac91d5", "CONFIRMED", "apple", 1, "RESERVED"),
    ("a19762c4-ea19-412f-b0eb-4395834237f3", "CONFIRMED", "cherry", 3, "RESERVED"),
    ("c0981db5-f364-4fe6-b2b2-7416be608321", "CONFIRMED", "banana", 2, "RESERVED"),
    ("dfcf7d16-ae28-4a17-8745-5fcfd3bb599f", "REJECTED", "sold-out", 1, "REJECTED"),
    (LOST, "PENDING", "apple", 1, None),
    ("c38a0f34-51c2-47e5-bfb7-816a7af40274", "PENDING", "apple", 1, "RESERVED"),
    ("f9f7f281-631b-496a-a78f-60b5b8f58d30", "CONFIRMED", "apple", 1, "RESERVED"),
]
DATABASES = {
    "orders.sqlite3": ["orders"],
    "worker.sqlite3": ["worker"],
    "telemetry.sqlite3": ["telemetry", "faults", "defences"],
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabProcesses]:
    """The present lab on a copy of the old folder; telemetry of any age is kept."""
    directory = tmp_path_factory.mktemp("kept")
    with zipfile.ZipFile(OLD_VAR) as packed:
        packed.extractall(directory / "var")
    own_files = {"DATABASE_URL": "", "WORKER_DATABASE_URL": "", "TELEMETRY_DATABASE_URL": ""}
    hundred_years = str(100 * 365 * 86_400)
    with LabProcesses(directory, TELEMETRY_MAX_AGE_SECONDS=hundred_years, **own_files) as lab:
        yield lab


@pytest.mark.parametrize(("order_id", "status", "sku", "quantity", "reserved"), ORDERS)
def test_orders_and_reservations_are_as_they_were(
    kept: LabProcesses, order_id: str, status: str, sku: str, quantity: int, reserved: str | None
) -> None:
    order = kept.order(order_id)
    assert (order["status"], order["sku"], order["quantity"]) == (status, sku, quantity)
    reservation = kept.reservation(order_id)
    assert (None if reservation is None else reservation["status"]) == reserved
    if reservation is not None:
        assert (reservation["sku"], reservation["quantity"]) == (sku, quantity)


def test_an_order_that_waited_in_the_outbox_is_delivered(kept: LabProcesses) -> None:
    eventually(lambda: kept.order(WAITING)["status"] == "CONFIRMED", seconds=30)
    stock = {
        each["sku"]: (each["initial"], each["available"], each["reserved"])
        for each in kept.session.get(f"{kept.worker_url}/stock", timeout=10).json()["stock"]
    }
    # Three cherries were reserved by the old lab, and one by each delivery: on a busy machine the
    # first may take longer than its deadline, and jobs are not idempotent here.
    reserved = 3 + (kept.reservation(WAITING) or {})["count"]
    assert stock["cherry"] == (10, 10 - reserved, reserved)
    assert stock["banana"] == (1_000_000, 999_998, 2)
    assert stock["apple"] == (1_000_000, 999_995, 5)


def test_traces_and_logs_are_read(kept: LabProcesses) -> None:
    trace = kept.trace_of(LOST)
    assert {"order.place", "job.deliver"} <= {span["name"] for span in trace["spans"]}
    messages = {log["msg"]: log for log in trace["logs"]}
    assert {"order accepted (pending)", "failed to deliver job to worker"} <= messages.keys()
    failed = messages["failed to deliver job to worker"]
    assert failed["attributes"]["errorKind"] == "connect_refused"
    assert failed["orderId"] == LOST
    # That version wrote `info` and `warning`.
    assert {log["level"] for log in trace["logs"]} <= {"INFO", "WARN", "ERROR"}


def test_an_imported_trace_is_read(kept: LabProcesses) -> None:
    spans = {span["name"]: span for span in kept.get(f"/api/traces/{IMPORTED_TRACE}")["spans"]}
    assert spans.keys() == {"GET /basket", "pay"}
    assert spans["GET /basket"]["startTimeUnixNano"] == "1795900000000000123"
    assert spans["GET /basket"]["attributes"] == {"text": "日本"}
    assert spans["pay"]["events"][0]["attributes"] == {"exception.type": "CardRefused"}


def test_evidence_knows_the_past_fault(kept: LabProcesses) -> None:
    trace_id = kept.get("/api/traces", orderId=LOST)["traces"][0]["traceId"]
    evidence = kept.get(f"/api/traces/{trace_id}/evidence")
    (window,) = evidence["windows"]
    assert (window["target"], window["kind"]) == ("api-to-worker", "cut")
    assert window["fromUnixNano"] == "1795987790390125000"
    assert window["toUnixNano"] == "1795987791042037000"


def test_a_cut_that_ended_with_its_lab_is_in_force_no_more(kept: LabProcesses) -> None:
    eventually(lambda: kept.get("/api/faults")["faults"] == [], seconds=30)


def test_the_run_and_its_report_are_there(kept: LabProcesses) -> None:
    (run,) = kept.get("/api/runs")["runs"]
    assert (run["runId"], run["name"], run["status"]) == (RUN, "a-api-to-worker-cut", "passed")
    whole = kept.get(f"/api/runs/{RUN}")
    assert len(whole["steps"]) >= 8
    assert {step["status"] for step in whole["steps"]} == {"succeeded"}
    assert whole["title"] == "A: the API cannot reach the worker"
    report = kept.session.get(f"{kept.observer_url}/api/runs/{RUN}/report", timeout=15)
    assert report.ok
    assert "A: the API cannot reach the worker" in report.text
    for name in ("journal", "history", "gathered"):
        assert kept.session.get(f"{kept.observer_url}/api/runs/{RUN}/{name}.json", timeout=15).ok


def test_the_defence_is_still_on(kept: LabProcesses) -> None:
    on = [each["name"] for each in kept.get("/api/defences")["defences"] if each["on"]]
    assert on == ["outbox"]


@pytest.mark.parametrize("page", ["/", "/traces", f"/traces/{IMPORTED_TRACE}", "/experiments"])
def test_pages_open(kept: LabProcesses, page: str) -> None:
    assert kept.session.get(f"{kept.observer_url}{page}", timeout=15).ok


@pytest.mark.parametrize("name", DATABASES)
def test_every_migration_has_run(kept: LabProcesses, name: str) -> None:
    on_disk = {key for key in MigrationLoader(None).graph.nodes if key[0] in DATABASES[name]}
    connection = sqlite3.connect(kept.directory / "var" / name)
    try:
        ran = set(connection.execute("SELECT app, name FROM django_migrations"))
    finally:
        connection.close()
    assert on_disk
    assert on_disk <= ran
