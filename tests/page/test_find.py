"""Finding spans within a trace, by keyboard and by pointer, and leaving the others out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.page, pytest.mark.long, pytest.mark.timeout(120)]


FOUND = {
    "error": ["job.deliver", "POST → worker"],
    "service:worker error=reset": [],
    "lab.reservation=RESERVED": ["stock.reserve"],
    "http.response.status_code>=200 service:worker kind=client": ["POST → API"],
    "duration>1.5s": ["POST /jobs/reserve-stock"],
}


def find(page: Page, query: str) -> None:
    """Look for something by the keyboard alone."""
    page.keyboard.press("/")
    expect(page.get_by_label("Find a span")).to_be_focused()
    page.keyboard.type(query)
    page.keyboard.press("Enter")


def found(page: Page) -> Locator:
    return page.locator("lab-waterfall .span.found")


def result(page: Page) -> Locator:
    return page.locator("lab-trace .find output")


def test_by_keyboard_a_text_is_found_and_the_next_one_after_it(slow: Page) -> None:
    find(slow, "reserve")
    expect(found(slow)).not_to_have_count(0)
    count = found(slow).count()
    expect(result(slow)).to_have_text(f"1 / {count}")
    slow.keyboard.press("Enter")
    expect(result(slow)).to_have_text(f"2 / {count}")
    slow.keyboard.press("Shift+Enter")
    expect(result(slow)).to_have_text(f"1 / {count}")
    slow.keyboard.press("Escape")
    expect(found(slow)).to_have_count(0)
    expect(slow.get_by_label("Find a span")).to_be_hidden()


def test_what_is_looked_for_is_shown_alone(slow: Page) -> None:
    # One visit for all: opening the page takes longer than looking.
    slow.keyboard.press("/")
    field = slow.get_by_label("Find a span")
    only = slow.get_by_role("checkbox", name="Matches only")
    for query, names in FOUND.items():
        field.fill(query)
        field.press("Enter")
        if not names:
            expect(result(slow)).to_have_text("nothing found")
            continue
        only.check()
        shown = slow.locator("lab-waterfall .span .name")
        expect(shown).to_have_text(names)
        only.uncheck()


def test_by_the_pointer_matches_are_gone_through_and_the_critical_path_is_left(slow: Page) -> None:
    rows = slow.locator("lab-waterfall .span")
    whole = rows.count()
    slow.get_by_role("button", name="Find, fold, clocks, export").click()
    slow.get_by_role("button", name="Find a span").click()
    slow.get_by_label("Find a span").fill("service:api")
    expect(result(slow)).to_have_text(re.compile(r"^– / \d+$"))
    slow.get_by_role("button", name="To the next match").click()
    expect(result(slow)).to_have_text(re.compile(r"^\d+ / \d+$"))
    there = result(slow).inner_text()
    slow.get_by_role("button", name="To the next match").click()
    expect(result(slow)).not_to_have_text(there)
    slow.get_by_role("button", name="To the match before").click()
    expect(result(slow)).to_have_text(there)
    path = slow.get_by_label("Critical path only")
    path.check()
    expect(rows).not_to_have_count(whole)
    expect(rows.locator(".critical")).not_to_have_count(0)
    assert rows.count() == slow.locator("lab-waterfall .span:has(.critical)").count()
    slow.get_by_role("button", name="Find nothing").click()
    expect(rows).to_have_count(whole)
    expect(path).not_to_be_checked()


def test_by_keyboard_matches_and_the_critical_path_are_left_alone(slow: Page) -> None:
    rows = slow.locator("lab-waterfall .span")
    whole = rows.count()
    find(slow, "duration>1s")
    expect(found(slow)).not_to_have_count(0)
    count = found(slow).count()
    assert count < whole
    slow.get_by_role("checkbox", name="Matches only").focus()
    slow.keyboard.press(" ")
    expect(rows).to_have_count(count)
    # What is found alone stands in the address.
    expect(slow).to_have_url(re.compile(r"find=duration%3E1s"))
    slow.keyboard.press(" ")
    expect(rows).to_have_count(whole)
    expect(slow).not_to_have_url(re.compile("find="))
    slow.keyboard.press("Tab")
    slow.keyboard.press(" ")
    expect(slow.get_by_label("Critical path only")).to_be_checked()
    expect(rows).not_to_have_count(whole)
    slow.keyboard.press("Escape")
    expect(rows).to_have_count(whole)


def test_an_address_finds_by_an_attribute_too(slow: Page) -> None:
    slow.goto(f"{slow.url.partition('?')[0]}?find=lab.reservation%3DRESERVED")
    rows = slow.locator("lab-waterfall .span")
    expect(rows).to_have_count(1)
    expect(rows.locator(".name")).to_have_text("stock.reserve")
