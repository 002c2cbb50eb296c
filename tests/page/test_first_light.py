"""The page in a real browser: place an order, cut a link, see why it stays PENDING."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.timeout(90)]


@pytest.fixture
def page(browser: Browser, lab: LabProcesses) -> Iterator[Page]:
    """The page, opened; what it complains of fails the test."""
    context = browser.new_context()
    opened = context.new_page()
    complaints: list[str] = []
    opened.on(
        "console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None
    )
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(lab.observer_url)
    expect(opened.locator("#connection")).to_have_text("Live")
    yield opened
    context.close()
    assert complaints == []


def test_an_order_is_seen_confirmed_with_both_services(page: Page) -> None:
    page.get_by_role("button", name="Place order").click()
    row = page.locator("#orders tr").first
    expect(row).to_contain_text("CONFIRMED")
    row.get_by_role("button").click()
    expect(page.locator("#explained")).to_contain_text("worker · stock.reserve")
    expect(page.locator("#explained")).to_contain_text("api · order.confirm")
    expect(page.locator("#explained")).to_contain_text("CONFIRMED: both sides agree")


def test_a_cut_leaves_the_order_pending_with_the_reason(page: Page) -> None:
    cut = page.get_by_role("button", name="api-to-worker: cut")
    cut.click()
    expect(cut).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Place order").click()
    row = page.locator("#orders tr").first
    expect(row).to_contain_text("PENDING")
    expect(row).to_contain_text("connect_refused")
    page.get_by_role("button", name="Heal all").click()
    expect(cut).to_have_attribute("aria-pressed", "false")


def test_a_reload_loses_nothing(page: Page) -> None:
    page.get_by_role("button", name="Place order").click()
    expect(page.locator("#orders tr").first).to_contain_text("CONFIRMED")
    page.locator("#orders tr").first.get_by_role("button").click()
    expect(page.locator("#explained h3")).to_be_visible()
    told = page.locator("#explained h3").inner_text()
    page.reload()
    expect(page.locator("#explained h3")).to_have_text(told)
