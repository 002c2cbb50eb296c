"""The five minutes of the README, done in a real browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.page.bench import break_it, first_row, open_menu, place
from tests.support.processes import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.page, pytest.mark.long, pytest.mark.timeout(120)]

_RUN_MS = 40_000


def test_what_is_to_be_pressed_is_what_is_pressed_below() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## Five minutes")[2].partition("\n## ")[0]
    assert re.findall(r"\*\*(.+?)\*\*", section) == [
        *("Place order", "Cut", "Heal all", "API only", "Show all records"),
        *("Traces", "Defences", "Lesson", "C"),
    ]


def test_an_order_is_placed_the_link_cut_another_placed_and_all_healed(page: Page) -> None:
    place(page)
    expect(first_row(page)).to_contain_text("CONFIRMED")
    expect(first_row(page)).to_contain_text("RESERVED")
    timeline = page.locator("lab-waterfall")
    expect(timeline).to_contain_text("order.click")
    expect(timeline).to_contain_text("order.confirm")
    break_it(page, "api-to-worker", "Cut")
    cut = place(page)
    expect(first_row(page)).to_contain_text("PENDING")
    expect(page.locator("lab-diagnosis .headline")).to_contain_text("the job never reached")
    expect(page.locator("lab-map")).to_contain_text(f"{cut} refused")
    page.get_by_role("button", name="Heal all").click()
    expect(page.locator("lab-map .broken")).to_have_count(0)
    menu = open_menu(page, "worker")
    expect(menu.get_by_label("Auto-heal after")).to_be_visible()


def test_another_order_is_pinned_and_looked_at_from_one_side(page: Page) -> None:
    place(page)
    place(page)
    page.locator("lab-orders tbody tr").nth(1).click()
    expect(page.locator("lab-orders .pill")).to_contain_text("Pinned")
    for name in ("Messages", "Two truths", "Evidence", "Timeline"):
        page.get_by_role("tab", name=name).click()
        expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
    of_worker = page.locator("lab-waterfall .span .service.hue-2")
    expect(of_worker.first).to_be_visible()
    page.get_by_role("button", name="API only").click()
    expect(of_worker).to_have_count(0)
    page.get_by_role("button", name="Show all records").click()
    expect(of_worker.first).to_be_visible()


def test_traces_defences_and_lesson_are_where_they_are_said_to_be(page: Page) -> None:
    place(page)
    page.get_by_role("link", name="Traces").click()
    expect(page.locator("lab-traces tbody tr").first).to_be_visible()
    page.get_by_role("button", name="More filters").click()
    for label in ("Service", "Status", "Error kind", "At least, ms", "Attribute", "Text"):
        expect(page.get_by_label(label).first).to_be_visible()
    page.get_by_role("link", name="Lesson").click()
    expect(page.locator(".chapter-cards li")).to_have_count(6)
    expect(page.get_by_role("button", name="日本語")).to_be_visible()
    for name in ("Quiz", "Mystery"):
        expect(page.get_by_role("link", name=name).first).to_be_visible()
    page.get_by_role("link", name="Lab", exact=True).click()
    page.get_by_role("button", name="Defences").click()
    expect(page.get_by_role("dialog", name="Defences")).to_contain_text("Retry")


def test_c_shows_that_the_api_gave_up_and_the_worker_had_not(page: Page) -> None:
    page.get_by_role("button", name="Run: C:").click()
    headline = page.locator("lab-diagnosis .headline")
    expect(headline).to_contain_text("the worker was slow, not dead", timeout=_RUN_MS)
    expect(page.locator("lab-diagnosis")).to_contain_text("allowed 800 ms")
    expect(page.locator("lab-waterfall")).to_contain_text("outlives its caller")
