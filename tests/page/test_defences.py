"""The page's own client has a defence too, and a cancelled order is shown as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.timeout(90)]


def turn_on(page: Page, title: str) -> None:
    page.get_by_role("button", name="Defences").click()
    switch = page.get_by_role("switch", name=title)
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")
    page.keyboard.press("Escape")


def test_a_lost_answer_is_asked_for_again_with_the_same_key(page: Page, lab: LabProcesses) -> None:
    turn_on(page, "Idempotency-Key")
    sent: list[dict[str, str]] = []
    page.on(
        "request",
        lambda request: (
            sent.append(request.headers)
            if request.method == "POST" and request.url.endswith("/orders")
            else None
        ),
    )
    known = newest_orders(lab)
    lab.set_fault("client-to-api", "response_lost", ttlSeconds=4)
    page.get_by_role("button", name="Place order", exact=True).first.click()
    expect(page.locator("lab-place .status")).to_contain_text("201, CONFIRMED", timeout=20_000)
    keys = {each["idempotency-key"] for each in sent}
    assert len(sent) > 1
    assert len(keys) == 1
    assert len(newest_orders(lab) - known) == 1


def newest_orders(lab: LabProcesses) -> set[str]:
    """Return the ids of the newest orders."""
    return {order["orderId"] for order in lab.get("/api/orders", limit=100)["orders"]}


def test_a_cancelled_order_is_shown_with_why(page: Page, lab: LabProcesses) -> None:
    turn_on(page, "Consistency before availability")
    lab.set_fault("worker-to-api", "cut")
    page.get_by_role("button", name="Place order", exact=True).first.click()
    expect(page.locator("lab-place .status")).to_contain_text("503: the order was not confirmed")
    row = page.locator("lab-orders tbody tr").first
    expect(row).to_contain_text("CANCELLED")
    expect(row).to_contain_text("RESERVED")
    expect(page.locator("lab-diagnosis")).to_contain_text("the stock is reserved for nobody")
