"""The page in a real browser: place an order, cut a link, see why it stays PENDING."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.timeout(90)]


def place(page: Page) -> None:
    """Click, and wait until the row of that order stands on top."""
    expect(page.locator("lab-orders [role=status]")).not_to_be_empty()
    first = page.locator("lab-orders tbody button").first
    before = first.inner_text() if first.count() else ""
    page.get_by_role("button", name="Place order").click()
    expect(first).not_to_have_text(before or "-")


def test_an_order_is_seen_confirmed_with_spans_of_client_and_both_services(page: Page) -> None:
    place(page)
    row = page.locator("lab-orders tbody tr").first
    expect(row).to_contain_text("CONFIRMED")
    expect(row).to_contain_text("RESERVED")
    row.get_by_role("button").click()
    spans = page.locator("lab-waterfall [role=row]")
    for name in ("client, order.click", "api, order.place", "worker, stock.reserve"):
        expect(page.get_by_role("row", name=name)).to_be_visible()
    expect(spans.first).to_be_visible()
    expect(page.locator("lab-diagnosis")).to_contain_text("CONFIRMED: both sides agree")


def test_a_span_tells_its_attributes_and_logs(page: Page) -> None:
    place(page)
    page.locator("lab-orders tbody button").first.click()
    page.get_by_role("row", name="api, job.deliver").click()
    details = page.locator("lab-waterfall .details")
    expect(details).to_contain_text("lab.timeout_ms")
    expect(details).to_contain_text("job delivered to worker")


def test_a_cut_leaves_the_order_pending_with_the_reason(page: Page) -> None:
    cut = page.get_by_role("button", name="API → worker: Cut")
    cut.click()
    expect(cut).to_have_attribute("aria-pressed", "true")
    expect(page.locator("lab-map .link.cut")).to_have_count(1)
    place(page)
    row = page.locator("lab-orders tbody tr").first
    expect(row).to_contain_text("PENDING")
    expect(row).to_contain_text("connect_refused")
    row.get_by_role("button").click()
    expect(page.locator("lab-diagnosis")).to_contain_text("PENDING")
    page.get_by_role("button", name="Heal all").click()
    expect(cut).to_have_attribute("aria-pressed", "false")


def test_a_link_that_is_chosen_on_the_map_is_broken_with_numbers(page: Page) -> None:
    link = page.locator('lab-map [data-target="api-to-worker"]')
    link.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What happens").select_option("slow")
    dialog.get_by_label("delay").fill("9999999")
    dialog.get_by_role("button", name="Set the fault").click()
    # The browser itself refuses a number out of bounds.
    expect(dialog).to_be_visible()
    dialog.get_by_label("delay").fill("250")
    dialog.get_by_label("Heals itself after").fill("60")
    dialog.get_by_role("button", name="Set the fault").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(link).to_have_attribute("aria-label", re.compile("Slow 250 ms"))
    expect(page.locator("lab-faults")).to_contain_text("s left")


def test_a_client_that_gets_no_answer_says_what_it_cannot_know(page: Page) -> None:
    page.locator('lab-map [data-target="client-to-api"]').click()
    page.get_by_role("dialog").get_by_label("What happens").select_option("cut")
    page.get_by_role("dialog").get_by_role("button", name="Set the fault").click()
    expect(page.locator("lab-map .link.cut")).to_have_count(1)
    page.get_by_role("button", name="Place order").click()
    expect(page.locator("lab-place")).to_contain_text("it cannot know whether the order arrived")
    expect(page.locator("lab-diagnosis")).to_contain_text("cannot be known")


def test_a_reload_mid_way_loses_nothing(page: Page, lab: LabProcesses) -> None:
    lab.set_fault("worker", "slow", ms=1_500)
    place(page)
    row = page.locator("lab-orders tbody tr").first
    row.get_by_role("button").click()
    expect(page).to_have_url(re.compile("/orders/[0-9a-f-]{36}$"))
    page.reload()
    expect(page.locator("lab-orders tbody tr").first).to_contain_text("CONFIRMED")
    expect(page.locator("lab-diagnosis")).to_contain_text("CONFIRMED: the worker was slow")
    expect(page.get_by_role("row", name="api, order.confirm")).to_be_visible()


def test_the_log_is_filtered_and_paused(page: Page) -> None:
    place(page)
    lines = page.locator("lab-stream li")
    expect(lines.filter(has_text="order confirmed").last).to_be_visible()
    page.get_by_label("service", exact=True).select_option("worker")
    expect(lines.filter(has_text="order accepted")).to_have_count(0)
    expect(lines.filter(has_text="stock reserved").last).to_be_visible()
    page.get_by_label("request, order or text").fill("no such text")
    expect(lines).to_have_text(["No line matches."])
    page.get_by_label("request, order or text").fill("")
    page.get_by_role("button", name="Pause").click()
    shown = lines.count()
    place(page)
    expect(page.locator("lab-stream")).to_contain_text("waiting")
    assert lines.count() == shown
    page.get_by_role("button", name="Go on").click()
    expect(lines).not_to_have_count(shown)


def test_a_steady_rate_goes_on_until_it_is_stopped(page: Page) -> None:
    page.get_by_label("orders a second").fill("20")
    before = page.locator("lab-orders tbody tr").count()
    page.get_by_role("button", name="Steady").click()
    expect(page.locator("lab-orders tbody tr")).not_to_have_count(before)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Steady")).to_be_visible()


def test_a_defence_is_switched_and_survives_a_reload(page: Page) -> None:
    switch = page.get_by_role("switch", name="Idempotent jobs")
    expect(switch).to_have_attribute("aria-checked", "false")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")
    page.reload()
    expect(switch).to_have_attribute("aria-checked", "true")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")


def test_a_narrow_screen_needs_no_scrolling_sideways(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    place(page)
    page.locator("lab-orders tbody button").first.click()
    expect(page.locator("lab-diagnosis")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
