"""Every page lists the keys that work there, and each of them does, on a page just opened."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.page.bench import first_row, place

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.long, pytest.mark.timeout(120)]

ALWAYS = {"?", "Esc"}
TIMELINE = {"↓, ↑, ←, →", "Enter, z", ", .", "Space"}


def listed(page: Page) -> set[str]:
    """Open the help by its key, read what it lists, and close it by its key."""
    page.keyboard.press("?")
    help_ = page.get_by_role("dialog", name="Keys")
    expect(help_).to_be_visible()
    keys = set(help_.locator("dt").all_inner_texts())
    page.keyboard.press("Escape")
    expect(help_).to_be_hidden()
    return keys - ALWAYS


def open_page(page: Page, lab: LabProcesses, path: str) -> None:
    page.goto(f"{lab.observer_url}{path}")
    expect(page.locator("#connection")).to_have_text("Live")


def try_the_timeline(page: Page) -> None:
    """Each of its keys, once it has the focus."""
    rows = page.locator("lab-waterfall [role=row]")
    focused = page.locator("lab-waterfall [role=row]:focus")
    page.keyboard.press("Home")
    count = rows.count()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    expect(rows).not_to_have_count(count)
    page.keyboard.press("ArrowRight")
    expect(rows).to_have_count(count)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("lab-waterfall .details")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("z")
    expect(page.get_by_role("button", name="Whole trace", include_hidden=True)).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Whole trace", include_hidden=True)).to_have_count(0)
    expect(focused).to_have_count(1)


def try_the_handle(page: Page) -> None:
    """Those that go through time."""
    grip = page.locator("lab-waterfall .time-grip")
    resting = re.compile("resting")
    page.keyboard.press(",")
    expect(grip).not_to_have_class(resting)
    page.keyboard.press(".")
    expect(grip).to_have_class(resting)
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)
    page.get_by_role("button", name="To the end").click()


def test_of_the_lab(page: Page, lab: LabProcesses) -> None:
    assert listed(page) == {"o", "h", "j, k", "p", "1 … 4", "/"} | TIMELINE
    lab.set_fault("worker", "slow", ms=10)
    page.reload()
    expect(page.locator("lab-heal")).to_contain_text("1")
    place(page, by_key=True)
    page.keyboard.press("h")
    expect(page.locator("lab-map .broken")).to_have_count(0)
    place(page, by_key=True)
    pill = page.locator("lab-orders .pill")
    page.keyboard.press("j")
    expect(pill).to_contain_text("Pinned · 1 newer")
    page.keyboard.press("k")
    expect(pill).not_to_contain_text("newer")
    page.keyboard.press("p")
    expect(pill).to_contain_text("Following newest")
    expect(first_row(page)).to_have_attribute("aria-current", "")
    for number, name in enumerate(("Timeline", "Messages", "Two truths", "Evidence"), start=1):
        page.keyboard.press(str(number))
        expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("1")
    page.get_by_role("row", name="client, order.click").focus()
    try_the_timeline(page)
    try_the_handle(page)
    page.keyboard.press("/")
    expect(page.get_by_label("Find a span")).to_be_focused()


def test_of_a_trace(page: Page, lab: LabProcesses) -> None:
    place(page)
    trace_id = page.locator("lab-trace").get_attribute("trace-id")
    open_page(page, lab, f"/traces/{trace_id}")
    assert listed(page) == {"j, k", "1 … 8", "/"} | TIMELINE
    expect(page.locator("lab-waterfall [role=row]").first).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator("lab-waterfall [role=row]:focus")).to_have_count(1)
    try_the_timeline(page)
    try_the_handle(page)
    of_records = ("Timeline", "Messages", "Two truths", "Logs", "Evidence")
    views = (*of_records, "Flame graph", "Spans", "Statistics")
    for number, name in enumerate(views, start=1):
        page.keyboard.press(str(number))
        expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("/")
    expect(page.get_by_label("Find a span")).to_be_focused()


def test_of_the_list_of_traces(page: Page, lab: LabProcesses) -> None:
    lab.place_order()
    lab.place_order()
    open_page(page, lab, "/traces")
    assert listed(page) == {"j, k, ↓, ↑", "Enter", "n", "/"}
    links = page.locator("lab-traces tbody a")
    expect(links.nth(1)).to_be_visible()
    links.first.focus()
    before = links.first.get_attribute("data-trace") or ""
    lab.place_order()
    expect(page.get_by_role("button", name="1 newer")).to_be_visible()
    page.keyboard.press("n")
    expect(links.first).not_to_have_attribute("data-trace", before)
    page.evaluate("document.activeElement.blur()")
    for key, at in (("j", 0), ("ArrowDown", 1), ("k", 0), ("j", 1), ("ArrowUp", 0)):
        page.keyboard.press(key)
        expect(links.nth(at)).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_label("Text", exact=True)).to_be_focused()
    links.first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/traces/[0-9a-f]{32}"))


def test_of_the_experiments(page: Page, lab: LabProcesses) -> None:
    open_page(page, lab, "/experiments")
    assert listed(page) == {"/"}
    page.keyboard.press("/")
    expect(page.locator("#filter")).to_be_focused()


def test_of_the_comparison(page: Page, lab: LabProcesses) -> None:
    place(page)
    trace_id = page.locator("lab-trace").get_attribute("trace-id")
    open_page(page, lab, f"/compare?a={trace_id}&b={trace_id}")
    assert listed(page) == {"j, k, ↓, ↑", "1, 2", "d", "/"}
    rows = page.locator("lab-compare .step-row")
    for key, at in (("j", 0), ("ArrowDown", 1), ("k", 0), ("j", 1), ("ArrowUp", 0)):
        page.keyboard.press(key)
        expect(rows.nth(at)).to_be_focused()
    page.keyboard.press("d")
    expect(rows).to_have_count(0)
    page.keyboard.press("d")
    page.keyboard.press("/")
    expect(page.get_by_label("Find a step")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("j")
    expect(rows.first).to_be_focused()
    for key in ("1", "2"):
        page.keyboard.press(key)
        expect(page).to_have_url(re.compile(f"/traces/{trace_id}"))
        page.go_back()
        expect(rows.first).to_be_visible()
        page.keyboard.press("j")
        expect(rows.first).to_be_focused()


@pytest.mark.parametrize("path", ["/lesson", "/lesson/partition", "/lesson/mystery"])
def test_where_only_the_help_has_keys(page: Page, lab: LabProcesses, path: str) -> None:
    open_page(page, lab, path)
    assert listed(page) == set()
