"""What people do on the page of the lab, for the tests that look at what it shows then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from tests.support.processes import LabProcesses


def first_row(page: Page) -> Locator:
    """The newest order's row."""
    return page.locator("lab-orders tbody tr").first


def place(page: Page, *, followed: bool = True, by_key: bool = False) -> str:
    """Place an order, wait until it is shown, unless another is pinned; return its short id."""
    # Once the list was read, it says how the two sides compare.
    expect(page.locator("lab-orders [role=status]")).not_to_be_empty()
    first = page.locator("lab-orders tbody button").first
    before = first.inner_text() if first.count() else ""
    trace_before = page.locator("lab-trace").get_attribute("trace-id")
    if by_key:
        page.keyboard.press("o")
    else:
        page.locator("lab-place .split > button").first.click()
    expect(first).not_to_have_text(before or "-")
    if followed:
        expect(page.locator("lab-orders tr[aria-current]")).to_contain_text(first.inner_text())
        expect(page.locator("lab-trace")).not_to_have_attribute("trace-id", trace_before or "-")
        expect(page.locator("lab-diagnosis .headline")).to_be_visible()
        # What stood there before is replaced once its own records have come.
        expect(page.locator("lab-trace .brief")).to_contain_text(first.inner_text())
    return first.inner_text()


def open_menu(page: Page, target: str) -> Locator:
    """Open the menu of a link or a service on the map."""
    page.locator(f"lab-map [data-target={target}]").click()
    menu = page.locator("lab-fault-menu")
    expect(menu).to_be_visible()
    return menu


def break_it(page: Page, target: str, kind: str) -> None:
    """Break a link or a service in one of the common ways, as its menu has it."""
    menu = open_menu(page, target)
    menu.get_by_role("button", name=kind, exact=True).click()
    expect(page.locator(f"lab-map .broken [data-target={target}]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()


def trace_with(lab: LabProcesses, order_id: str, *, spans: int) -> str | None:
    """The id of an order's trace once it has so many spans."""
    found = lab.get("/api/traces", orderId=order_id)["traces"]
    return found[0]["traceId"] if found and found[0]["spanCount"] >= spans else None


def open_trace(page: Page, lab: LabProcesses, trace_id: str) -> None:
    """Open a trace by its address."""
    page.goto(f"{lab.observer_url}/traces/{trace_id}")
    expect(page.locator("lab-waterfall .span").first).to_be_visible()
