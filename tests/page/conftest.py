"""The lab's page in a real browser; what the browser complains of fails the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.page.bench import open_trace, trace_with
from tests.support.browser import chromium
from tests.support.lab.network_changes import unchanged_network
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.support.processes import LabProcesses

# Said by the browser itself of a call that a fault was meant to fail.
_EXPECTED = (
    "net::ERR_CONNECTION_REFUSED",
    "net::ERR_EMPTY_RESPONSE",
    "net::ERR_CONNECTION_RESET",
    "net::ERR_SOCKET_NOT_CONNECTED",
    "status of 400 (Bad Request)",
    "status of 409 (Conflict)",
    "status of 413",
    "status of 503 (Service Unavailable)",
)


@pytest.fixture(autouse=True)
def _network() -> Iterator[None]:
    """Open no page while devices come and go."""
    with unchanged_network():
        yield


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One real Chromium for all of them; while it is open Django takes this thread for async."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="package")
def kept(browser: Browser, shared_lab: LabProcesses) -> Iterator[Page]:
    """A page that stays open: its process has the lab's scripts, which each page would compile."""
    # Nothing is looked at half-way through a change of its colour.
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, reduced_motion="reduce")
    opened = context.new_page()
    with unchanged_network():
        opened.goto(f"{shared_lab.observer_url}/healthz")
    yield opened
    context.close()


@pytest.fixture
def tab(kept: Page, lab: LabProcesses) -> Iterator[Page]:
    """A tab with nothing opened yet, of somebody who was never here before."""
    context = kept.context
    context.clear_cookies()
    kept.evaluate("localStorage.clear()")
    opened = context.new_page()
    complaints: list[str] = []
    opened.on(
        "console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None
    )
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    for each in context.pages:
        if each is not kept:
            each.close()
    unexpected = [each for each in complaints if not any(known in each for known in _EXPECTED)]
    assert unexpected == []


@pytest.fixture
def page(tab: Page, lab: LabProcesses) -> Page:
    """The page, opened and live."""
    tab.goto(lab.observer_url)
    expect(tab.locator("#connection")).to_have_text("Live")
    return tab


@pytest.fixture(scope="module")
def slow_trace(shared_lab: LabProcesses) -> str:
    """The trace of an order whose worker went on after the API had given up, and was healed."""
    shared_lab.restore()
    shared_lab.set_fault("worker", "slow", ms=2_000)
    order_id = shared_lab.place_order().json()["orderId"]
    shared_lab.heal_all()
    return eventually(lambda: trace_with(shared_lab, order_id, spans=10), seconds=10)


@pytest.fixture
def slow(slow_trace: str, tab: Page, lab: LabProcesses) -> Page:
    """The page of that trace."""
    open_trace(tab, lab, slow_trace)
    return tab
