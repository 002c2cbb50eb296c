"""The whole loop on one screen: cut, place, read why, heal; the newest order is followed."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.page.axe import assert_accessible
from tests.page.bench import first_row, open_menu, place
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.timeout(120)]

SHOWN_MS = 1_000
# When each order became the one that is shown, since the epoch.
_NOTE_SHOWN = """() => {
  window.shownAt = {};
  new MutationObserver(() => {
    const shown = document.querySelector("lab-orders tr[aria-current] [data-order]");
    if (shown) shownAt[shown.dataset.order] ??= Date.now();
  }).observe(document.querySelector("lab-orders tbody"), { subtree: true, attributes: true });
}"""
_SCROLLS = """() => {
  const { scrollHeight, scrollWidth, clientHeight, clientWidth } = document.documentElement;
  return [scrollHeight - clientHeight, scrollWidth - clientWidth];
}"""
# Controls of the page that are off the screen or narrower than a finger.
_UNREACHABLE = """(least) => [...document.querySelectorAll(
    ".actions button, .regions button, lab-map button, .masthead #menu, lab-defences > button")]
  .filter((each) => each.checkVisibility())
  .filter((each) => {
    const box = each.getBoundingClientRect();
    const after = getComputedStyle(each, "::after");
    const grown = after.content === "none" ? 0 : -2 * parseFloat(after.top);
    return box.left < 0 || box.right > innerWidth || box.top < 0 || box.bottom > innerHeight
      || box.height + grown < least;
  })
  .map((each) => each.getAttribute("aria-label") ?? each.textContent)"""

# Of the buttons of the bar, the edges of those that lie over the one before.
_OVERLAPPING = """() => [...document.querySelectorAll(".actions button")]
  .filter((each) => each.checkVisibility() && each.closest("lab-defences") === null)
  .map((each) => each.getBoundingClientRect())
  .sort((a, b) => a.left - b.left)
  .filter((box, at, all) => at > 0 && box.left < all[at - 1].right - 2)
  .map((box) => box.left)"""


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1280, 720)])
def test_the_loop_takes_four_clicks_and_no_scrolling(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    expect(page.locator("lab-orders [role=status]")).not_to_be_empty()
    menu = open_menu(page, "api-to-worker")
    menu.get_by_role("button", name="Cut", exact=True).click()
    expect(page.locator("lab-map .broken")).to_have_count(1)
    before = page.locator("lab-trace").get_attribute("trace-id") or "-"
    page.get_by_role("button", name="Place order", exact=True).first.click()
    expect(page.locator("lab-trace")).not_to_have_attribute("trace-id", before)
    expect(page.locator("lab-diagnosis .headline")).to_contain_text("PENDING")
    expect(page.locator("lab-diagnosis .headline")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("row", name="api, job.deliver")).to_be_in_viewport(ratio=1)
    expect(page.locator("lab-trace-logs li").last).to_be_in_viewport()
    page.get_by_role("button", name="Heal all").click()
    expect(page.locator("lab-map .broken")).to_have_count(0)
    assert page.evaluate(_SCROLLS) == [0, 0]


def test_the_newest_order_is_shown_until_one_is_pinned(page: Page) -> None:
    first = place(page)
    current = page.locator("lab-orders tr[aria-current]")
    page.keyboard.press("o")
    expect(first_row(page)).not_to_contain_text(first)
    # Within a second of its row, which its answer brings.
    expect(current).not_to_contain_text(first, timeout=SHOWN_MS)
    page.locator("lab-orders tr").filter(has_text=first).locator("td").last.click()
    expect(page).to_have_url(re.compile(f"/orders/{first}"))
    place(page, followed=False)
    expect(page.locator("lab-orders .pill")).to_contain_text("Pinned · 2 newer")
    expect(current).to_contain_text(first)
    page.keyboard.press("p")
    expect(page.locator("lab-orders .pill")).to_contain_text("Following newest")
    expect(current).to_contain_text(first_row(page).locator("button").inner_text())
    expect(page).to_have_url(re.compile(r"^http://[^/]+/$"))


def test_an_order_is_shown_within_a_second_of_being_accepted(page: Page, lab: LabProcesses) -> None:
    place(page)
    page.evaluate(_NOTE_SHOWN)
    for _ in range(3):
        order_id = lab.place_order().json()["orderId"]
        accepted = time.time() * 1_000
        expect(page.locator("lab-orders tr[aria-current]")).to_contain_text(order_id[:8])
        expect(page.locator("lab-diagnosis .headline")).to_contain_text("CONFIRMED")
        shown = page.evaluate("(order) => shownAt[order]", order_id)
        assert shown - accepted < SHOWN_MS


def test_row_span_and_log_line_light_up_together(page: Page) -> None:
    place(page)
    lines = page.locator("lab-trace-logs li")
    # One that comes late is put between the others, which move.
    expect(lines).to_have_count(7)
    lines.filter(has_text="stock reserved").click()
    expect(page.get_by_role("row", name="worker, POST /jobs")).to_have_attribute(
        "aria-selected", "true"
    )
    page.get_by_role("row", name="worker, callback.send").click()
    expect(page.locator("lab-trace-logs .selected")).to_contain_text("callback sent")


def test_on_a_telephone_every_control_is_at_hand(page: Page, lab: LabProcesses) -> None:
    lab.set_fault("worker", "slow", ms=10)
    place(page)
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("lab-map .broken")).to_have_count(1)
    eventually(lambda: page.evaluate("document.documentElement.scrollWidth <= 390"))
    assert page.evaluate(_UNREACHABLE, 44) == []
    assert page.evaluate(_OVERLAPPING) == []
    for region, shown in (
        ("Orders", "lab-orders tbody tr"),
        ("Messages", "lab-messages"),
        ("Two truths", "lab-truths"),
        ("Log", "lab-trace-logs li"),
        ("Timeline", "lab-waterfall .span"),
    ):
        page.locator("#regions").get_by_role("button", name=region).click()
        expect(page.locator(shown).first).to_be_visible()
        assert page.evaluate(_SCROLLS) == [0, 0]
    open_menu(page, "api-to-worker")
    box = page.locator("lab-fault-menu").bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, 390)
    assert box["y"] + box["height"] == pytest.approx(844, abs=1)


def test_on_a_telephone_a_key_and_a_proof_bring_the_region_they_are_in(page: Page) -> None:
    place(page)
    page.set_viewport_size({"width": 390, "height": 844})
    pressed = page.locator("#regions [aria-pressed=true]")
    for key, region in (("2", "Messages"), ("4", "Evidence"), ("1", "Timeline")):
        page.keyboard.press(key)
        expect(pressed).to_have_text(region)
    page.get_by_role("button", name="Evidence 2: API log line").first.click()
    expect(pressed).to_have_text("Log")
    expect(page.locator("lab-trace-logs li[aria-current]")).to_be_in_viewport()


def test_the_help_stands_in_the_middle(page: Page) -> None:
    page.keyboard.press("?")
    box = page.locator("#help").bounding_box()
    size = page.viewport_size
    assert box is not None
    assert size is not None
    assert box["x"] + box["width"] / 2 == pytest.approx(size["width"] / 2, abs=1)
    assert box["y"] + box["height"] / 2 == pytest.approx(size["height"] / 2, abs=1)


@pytest.mark.long
def test_while_the_api_is_away_the_last_rows_stay_and_the_reason_is_said(
    page: Page, lab: LabProcesses
) -> None:
    order_id = place(page)
    lab.set_fault("api", "crash")
    status = page.locator("lab-orders [role=status]")
    expect(status).to_contain_text("The API does not answer", timeout=10_000)
    expect(first_row(page)).to_contain_text(order_id)
    expect(page.locator("lab-orders")).to_have_class("stale")
    page.get_by_role("button", name="Heal all").click()
    expect(page.locator("lab-orders")).not_to_have_class("stale", timeout=20_000)


@pytest.mark.long
@pytest.mark.parametrize("views", [["Timeline"], ["Messages", "Two truths", "Evidence"]])
def test_axe_finds_nothing_in_any_state(page: Page, lab: LabProcesses, views: list[str]) -> None:
    lab.set_fault("api-to-worker", "cut")
    lab.set_fault("worker-to-api", "slow", ms=10, ttlSeconds=600)
    assert_accessible(page)
    place(page)
    expect(first_row(page)).to_contain_text("PENDING")
    for view in views:
        page.get_by_role("tab", name=view).click()
        assert_accessible(page)
    open_menu(page, "api-to-worker")
    assert_accessible(page, within="lab-fault-menu")
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Everything").click()
    page.get_by_role("button", name="Defences").click()
    assert_accessible(page, within="lab-defences, lab-log")


@pytest.mark.long
def test_a_fault_that_can_not_be_healed_is_listed_with_the_reason(
    page: Page, lab: LabProcesses
) -> None:
    lab.set_fault("worker", "slow", ttlSeconds=600)
    row = page.locator("lab-fault-menu .active")
    open_menu(page, "worker")
    expect(row).to_contain_text(re.compile(r"9:\d\d|10:00"))
    change: dict[str, str] = {"state": "heal_failed", "healProblem": "no answer"}

    def answer(route: Route) -> None:
        listed = route.fetch().json()
        listed["faults"] = [each | change for each in listed["faults"]]
        route.fulfill(json=listed)

    page.route("**/api/faults", answer)
    page.reload()
    open_menu(page, "worker")
    expect(row).to_contain_text("Healing failed, trying again: no answer")
    page.get_by_role("button", name="日本語").click()
    open_menu(page, "worker")
    expect(row).to_contain_text("復旧に失敗したので、やり直しています：no answer")


def test_the_menu_stands_beside_the_map_where_below_it_is_no_room(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 600})
    menu = open_menu(page, "api-to-worker")
    expect(menu.get_by_role("button", name="Cut", exact=True)).to_be_visible()
    shown, network = menu.bounding_box(), page.locator("#network").bounding_box()
    assert shown is not None
    assert network is not None
    assert shown["x"] >= network["x"] + network["width"]
    assert shown["height"] >= 320
    assert shown["y"] + shown["height"] <= 600


def test_the_menu_says_when_a_fault_of_the_firewall_heals_itself(page: Page) -> None:
    menu = open_menu(page, "api-to-worker")
    first = menu.get_by_label("Auto-heal after").locator("option").first
    expect(first).to_have_text("never")
    menu.get_by_label("Applied at").select_option("firewall")
    expect(first).to_have_text("1:00")


def test_all_that_is_in_force_is_healed_one_by_one(page: Page, lab: LabProcesses) -> None:
    lab.set_fault("api-to-worker", "slow", ms=10)
    lab.set_fault("api-to-worker", "lossy", rate=0.2)
    lab.set_fault("worker", "slow", ms=10)
    expect(page.locator("lab-map .chip .more")).to_have_text("+1")
    page.get_by_role("button", name="3 active faults").click()
    menu = page.get_by_role("dialog", name="3 active faults")
    menu.get_by_role("button", name=re.compile("Heal: Every answer of the worker")).click()
    expect(page.locator("lab-fault-menu .active .kind")).to_have_count(2)
    assert {each["target"] for each in lab.get("/api/faults")["faults"]} == {"api-to-worker"}
