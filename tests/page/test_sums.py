"""A trace as sums: a flame graph, all its spans in a table, and statistics of its operations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from benchmarks.viewing.traces import send
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.long, pytest.mark.timeout(120)]


def cells(rows: Locator, column: int) -> list[str]:
    return rows.locator(f"td:nth-child({column})").all_inner_texts()


def width(drawn: Locator) -> float:
    """How wide it is; a trace that still comes in is drawn anew."""
    return eventually(drawn.bounding_box)["width"]


def test_statistics_are_sorted_by_any_column_and_lead_to_the_spans(slow: Page) -> None:
    slow.get_by_role("tab", name="Statistics").click()
    table = slow.locator("lab-statistics table")
    headings = ["Service", "Operation", "Count", "Errors", "Total", "Self time", "p50", "p95"]
    expect(table.locator("th")).to_have_text(headings)
    expect(table.locator("th[aria-sort=descending]")).to_have_text("Self time")
    rows = table.locator("tbody tr")
    slow.get_by_role("button", name="Service", exact=True).click()
    assert cells(rows, 1) == sorted(cells(rows, 1))
    slow.keyboard.press("Enter")
    expect(table.locator("th[aria-sort=descending]")).to_have_text("Service")
    assert cells(rows, 1) == sorted(cells(rows, 1), reverse=True)
    failed = rows.filter(has_text="job.deliver")
    assert cells(failed, 3) + cells(failed, 4) == ["1", "1"]
    failed.get_by_role("button", name="job.deliver").click()
    expect(slow.get_by_role("tab", name="Timeline")).to_have_attribute("aria-selected", "true")
    expect(slow.locator("lab-waterfall .span")).to_have_count(1)
    expect(slow.locator("lab-waterfall .span .name")).to_have_text("job.deliver")


def test_the_table_has_every_span_and_leads_to_each(slow: Page) -> None:
    whole = slow.locator("lab-waterfall .span").count()
    slow.keyboard.press("7")
    rows = slow.locator("lab-spans tbody tr")
    expect(rows).to_have_count(whole)
    slow.get_by_role("button", name="Duration").click()
    expect(rows.first).to_contain_text("POST /jobs/reserve-stock")
    rows.first.get_by_role("button").focus()
    slow.keyboard.press("Enter")
    opened = slow.locator("lab-waterfall .span.open")
    expect(opened).to_contain_text("POST /jobs/reserve-stock")


def test_of_many_spans_more_come_when_they_are_asked_for(tab: Page, lab: LabProcesses) -> None:
    tab.goto(f"{lab.observer_url}/traces/{send(lab, 700)}?view=spans")
    rows = tab.locator("lab-spans tbody tr")
    expect(rows).to_have_count(500)
    tab.get_by_role("button", name="200 more").click()
    expect(rows).to_have_count(700)
    # Rows may be drawn again meanwhile, when more is known of their kinds.
    rows.last.evaluate("row => row.scrollIntoView()")
    expect(tab.locator("lab-spans th").first).to_be_in_viewport(ratio=1)
    # Those of its kind are many: a span says how many of them it was slower than.
    rows.first.get_by_role("button").click()
    among = tab.locator("lab-waterfall .details .facts div").filter(has_text="among its kind")
    expect(among).to_have_text(re.compile(r"slower than \d+ % of the [\d,]+ newest"))


def test_a_flame_graph_zooms_by_pointer_and_by_keys(tab: Page, lab: LabProcesses) -> None:
    tab.goto(f"{lab.observer_url}/traces/{send(lab, 300)}")
    expect(tab.locator("lab-waterfall .span").first).to_be_visible()
    tab.keyboard.press("6")
    frames = tab.locator("lab-flame .frame")
    expect(frames.first).to_be_visible()
    assert frames.count() > 1
    root = frames.first
    expect(root).to_have_attribute("aria-label", re.compile("with all below 100 %"))
    child = tab.locator("lab-flame .frame[aria-level='2']").first
    before = width(child)
    child.click()
    assert width(child) == pytest.approx(width(root), abs=2)
    assert width(child) > before
    expect(child).to_be_focused()
    tab.keyboard.press("Escape")
    expect(child).to_be_focused()
    assert width(child) == pytest.approx(before, abs=2)
    tab.keyboard.press("Enter")
    assert width(child) == pytest.approx(width(root), abs=2)
    child.click()
    assert width(child) == pytest.approx(before, abs=2)
    tab.keyboard.press("ArrowUp")
    expect(root).to_be_focused()
    expect(tab.locator("lab-flame .of-frame")).to_contain_text("1 call")
    tab.keyboard.press("ArrowDown")
    expect(child).to_be_focused()


def test_at_a_moment_only_what_had_begun_is_summed_up(slow: Page) -> None:
    expect(slow.locator("lab-diagnosis .headline")).to_contain_text("CONFIRMED")
    slow.keyboard.press("8")
    table = slow.locator("lab-statistics")
    expect(table).to_contain_text("order.confirm")
    for _ in range(40):
        slow.keyboard.press(",")
    expect(table).not_to_contain_text("order.confirm")
    expect(table).to_contain_text("POST /orders")
