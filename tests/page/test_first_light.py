"""The page in a real browser: place an order, cut a link, see why it stays PENDING."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.page.bench import break_it, first_row, open_menu, place
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.timeout(90)]


def test_an_order_is_seen_confirmed_with_spans_of_client_and_both_services(page: Page) -> None:
    place(page)
    expect(first_row(page)).to_contain_text("CONFIRMED")
    expect(first_row(page)).to_contain_text("RESERVED")
    spans = page.locator("lab-waterfall [role=row]")
    for name in ("client, order.click", "api, order.place", "worker, stock.reserve"):
        expect(page.get_by_role("row", name=name)).to_be_visible()
    expect(spans.first).to_be_visible()
    expect(page.locator("lab-diagnosis")).to_contain_text("CONFIRMED: both sides agree")


def test_a_span_tells_its_attributes_and_logs(page: Page) -> None:
    place(page)
    page.get_by_role("row", name="api, job.deliver").click()
    details = page.locator("lab-waterfall .details")
    expect(details).to_contain_text("lab.timeout_ms")
    expect(details).to_contain_text("job delivered to worker")


def test_a_cut_leaves_the_order_pending_with_the_reason(page: Page) -> None:
    break_it(page, "api-to-worker", "Cut")
    expect(page.locator("lab-map .wire.cut")).to_have_count(1)
    order_id = place(page)
    expect(first_row(page)).to_contain_text("PENDING")
    expect(first_row(page)).to_contain_text("connect_refused")
    expect(page.locator("lab-diagnosis .headline")).to_contain_text("PENDING")
    expect(page.locator("lab-orders")).to_contain_text(
        re.compile("PENDING, and the worker has nothing for")
    )
    expect(page.locator("lab-orders")).not_to_contain_text("Both sides agree on every order")
    expect(page.locator("lab-map .death")).to_have_text(f"{order_id} refused")
    page.get_by_role("button", name="Heal all").click()
    expect(page.locator("lab-map .broken")).to_have_count(0)


def test_a_link_is_broken_by_keys_with_numbers_and_a_time(page: Page) -> None:
    link = page.locator("lab-map [data-target=api-to-worker]")
    link.focus()
    page.keyboard.press("Enter")
    menu = page.get_by_role("dialog", name="API → worker")
    slow = menu.locator("[data-kind=slow]")
    slow.get_by_label("delay", exact=True).fill("9999999")
    slow.get_by_role("button", name="Slow").click()
    # The browser itself refuses a number out of bounds.
    expect(page.locator("lab-map .broken")).to_have_count(0)
    slow.get_by_label("delay", exact=True).fill("250")
    menu.get_by_label("Auto-heal after").select_option("1:00")
    menu.get_by_role("button", name="Cut", exact=True).focus()
    page.keyboard.press("2")
    expect(link).to_have_attribute("aria-label", re.compile("Slow 250 ms"))
    expect(menu.get_by_role("button", name="Heal:")).to_contain_text(re.compile(r"0:5\d|1:00"))
    page.keyboard.press("Escape")
    expect(link).to_be_focused()
    page.locator("lab-map .chip").get_by_role("button", name="Heal:").click()
    expect(page.locator("lab-map .broken")).to_have_count(0)


def test_rarer_faults_stand_under_more(page: Page) -> None:
    menu = open_menu(page, "worker-to-api")
    expect(menu.get_by_role("button", name="Flapping")).to_be_hidden()
    menu.get_by_text(re.compile(r"^\d+ more$")).click()
    menu.get_by_role("button", name="Flapping").click()
    expect(page.locator("lab-map .wire.flapping")).to_have_count(1)


def test_a_client_that_gets_no_answer_says_what_it_cannot_know(page: Page) -> None:
    break_it(page, "client-to-api", "Cut")
    page.get_by_role("button", name="Place order", exact=True).first.click()
    expect(page.locator("lab-place")).to_contain_text("it cannot know whether the order arrived")
    expect(page.locator("lab-diagnosis")).to_contain_text("cannot be known")


def test_a_reload_mid_way_loses_nothing(page: Page, lab: LabProcesses) -> None:
    lab.set_fault("worker", "slow", ms=1_500)
    place(page)
    first_row(page).click()
    expect(page).to_have_url(re.compile("/orders/[0-9a-f-]{36}$"))
    page.reload()
    expect(first_row(page)).to_contain_text("CONFIRMED")
    expect(page.locator("lab-diagnosis")).to_contain_text("CONFIRMED: the worker was slow")
    expect(page.get_by_role("row", name="api, order.confirm")).to_be_visible()


def test_a_steady_rate_goes_on_until_it_is_stopped(page: Page) -> None:
    page.get_by_role("button", name="Item, quantity and rate").click()
    page.get_by_label("orders a second").fill("20")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Steady").click()
    newest = page.locator("lab-orders tbody tr").first
    expect(newest).to_be_visible()
    expect(newest).not_to_have_text(newest.inner_text(), use_inner_text=True)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Steady")).to_be_visible()


def test_a_defence_is_switched_and_survives_a_reload(page: Page) -> None:
    opener = page.get_by_role("button", name="Defences")
    switch = page.get_by_role("switch", name="Idempotent jobs")
    opener.click()
    expect(switch).to_have_attribute("aria-checked", "false")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")
    page.reload()
    expect(opener).to_contain_text("1 on")
    opener.click()
    expect(switch).to_have_attribute("aria-checked", "true")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")


def test_a_narrow_screen_needs_no_scrolling_sideways(page: Page) -> None:
    place(page)
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("lab-diagnosis")).to_be_visible()
    page.wait_for_function("document.documentElement.scrollWidth <= 390")


def test_messages_move_along_the_links_and_are_still_signs_where_less_motion_is_wanted(
    page: Page,
) -> None:
    page.evaluate("""() => {
      const flights = document.querySelector("lab-map .flights");
      window.flown = [];
      new MutationObserver((changes) => {
        for (const { addedNodes: [dot] } of changes) {
          const frames = dot?.getAnimations()[0]?.effect.getKeyframes() ?? [];
          if (dot) flown.push(new Set(frames.map((each) => each.offsetDistance)).size);
        }
      }).observe(flights, { childList: true });
    }""")
    place(page)
    expect(first_row(page)).to_contain_text("CONFIRMED")
    eventually(lambda: page.evaluate("flown.length > 1"))
    assert page.evaluate("Math.max(...flown)") == 1
    page.evaluate("flown.length = 0")
    page.emulate_media(reduced_motion="no-preference")
    place(page)
    eventually(lambda: page.evaluate("flown.includes(2)"))
