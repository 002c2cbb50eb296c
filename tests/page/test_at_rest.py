"""Pages that nobody touches make no records; what happens reaches them all the same."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from benchmarks.at_rest import PAGES, cpu_seconds, recorded
from supervision import signalling
from tests.support.processes import LabProcesses
from tests.support.waiting import eventually, let_pass

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page, WebSocketRoute

pytestmark = [pytest.mark.page, pytest.mark.long, pytest.mark.timeout(180)]

_SETTLED_SECONDS = 3.0
# Twice the aim, whose figure is the benchmark's: tests beside it take caches and clock from it.
_MOST_CPU = 0.02
_STALE_SECONDS = 5_000


def is_settled(lab: LabProcesses) -> bool:
    """Whether nothing is stored any more of what has happened."""
    before = recorded(lab)
    let_pass(_SETTLED_SECONDS)
    return recorded(lab) == before


@pytest.mark.parametrize("seconds", [3, 60])
def test_pages_at_rest_make_no_records(page: Page, lab: LabProcesses, seconds: float) -> None:
    lab.place_order()
    for path in PAGES[1:]:
        other = page.context.new_page()
        other.goto(f"{lab.observer_url}{path}")
        expect(other.locator("#connection")).to_have_text("Live")
    eventually(lambda: is_settled(lab), seconds=60)
    before, cpu_before = recorded(lab), cpu_seconds(lab.pid) if sys.platform == "linux" else {}
    let_pass(seconds)
    assert recorded(lab) == before
    if seconds >= 60 and cpu_before:
        cpu = cpu_seconds(lab.pid)
        shares = {name: (cpu[name] - had) / seconds for name, had in cpu_before.items()}
        assert max(shares.values()) < _MOST_CPU, shares


def test_an_order_of_somebody_else_is_shown_without_being_asked_for(
    page: Page, lab: LabProcesses
) -> None:
    asked: list[str] = []
    row = page.locator("lab-orders tbody tr").first
    expect(page.locator("lab-orders [role=status]")).not_to_be_empty()
    page.on("request", lambda request: asked.append(request.url))
    order_id = lab.place_order().json()["orderId"]
    expect(row).to_contain_text(order_id[:8])
    expect(row).to_contain_text("CONFIRMED")
    expect(row).to_contain_text("RESERVED")
    assert not [url for url in asked if "/api/orders" in url]


def test_a_push_that_is_lost_leaves_nothing_stale(page: Page, lab: LabProcesses) -> None:
    def lose(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def pass_on(frame: str | bytes) -> None:
            # What says that orders have changed is lost; that they may have, later, is not.
            read = json.loads(frame)
            if not (read["type"] == "orders" and ("orders" in read or "any" in read)):
                route.send(frame)

        server.on_message(pass_on)

    expect(page.locator("lab-orders [role=status]")).not_to_be_empty()
    page.route_web_socket(re.compile("/ws/live"), lose)
    page.reload()
    expect(page.locator("#connection")).to_have_text("Live")
    first = lab.place_order().json()["orderId"]
    expect(page.locator("lab-orders tbody tr").first).to_contain_text(first[:8])
    second = lab.place_order().json()["orderId"]
    expect(page.locator("lab-orders tbody tr").first).to_contain_text(
        second[:8], timeout=_STALE_SECONDS
    )


def test_what_happened_while_the_observer_was_away_is_read_once_it_is_back(
    page: Page, lab: LabProcesses
) -> None:
    expect(page.locator("lab-orders [role=status]")).not_to_be_empty()
    signalling.kill(lab.pid_of("observer"))
    order_id = lab.place_order().json()["orderId"]
    row = page.locator("lab-orders tbody tr").first
    # Until the page notices, and the observer is there again.
    expect(row).to_contain_text(order_id[:8], timeout=30_000)
    expect(row).to_contain_text("CONFIRMED")
    expect(page.locator("#connection")).to_have_text("Live")


def test_a_service_that_is_away_is_said_to_be_and_comes_back_by_itself(
    page: Page, lab: LabProcesses
) -> None:
    status = page.locator("lab-orders [role=status]")
    lab.place_order()
    expect(page.locator("lab-orders tbody tr").first).to_contain_text("RESERVED")
    worker = lab.pid_of("worker")
    signalling.pause(worker)
    try:
        expect(status).to_contain_text("The worker does not answer", timeout=10_000)
    finally:
        signalling.resume(worker)
    expect(status).not_to_contain_text("does not answer", timeout=10_000)
    expect(page.locator("lab-orders tbody tr").first).to_contain_text("RESERVED")


def test_without_sampling_the_orders_are_shown_all_the_same(
    browser: Browser, tmp_path: Path
) -> None:
    with LabProcesses(tmp_path, OTEL_TRACES_SAMPLER="always_off") as lab:
        page = browser.new_page()
        page.goto(lab.observer_url)
        expect(page.locator("lab-orders [role=status]")).not_to_be_empty()
        lab.set_fault("worker-to-api", "cut")
        order_id = lab.place_order().json()["orderId"]
        row = page.locator("lab-orders tbody tr").first
        expect(row).to_contain_text(order_id[:8])
        expect(row).to_contain_text("PENDING")
        expect(row).to_contain_text("RESERVED")
        assert recorded(lab)[0] == 0
        page.close()
