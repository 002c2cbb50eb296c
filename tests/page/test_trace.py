"""One trace in a real browser: views that share time, cursor and selection."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from benchmarks.viewer import send
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.timeout(120)]


@pytest.fixture
def slow(page: Page, lab: LabProcesses) -> Page:
    """The page of an order whose worker was slow, once the callback has come."""
    lab.set_fault("worker", "slow", ms=2_000)
    order_id = lab.place_order().json()["orderId"]
    lab.heal_all()
    eventually(lambda: lab.get("/api/traces", orderId=order_id)["traces"][0]["spanCount"] >= 10)
    trace_id = lab.get("/api/traces", orderId=order_id)["traces"][0]["traceId"]
    page.goto(f"{lab.observer_url}/traces/{trace_id}")
    expect(page.locator("lab-waterfall .span").first).to_be_visible()
    return page


def test_long_silences_are_folded_and_can_be_unfolded(slow: Page) -> None:
    breaks = slow.locator("lab-waterfall .head .break")
    expect(breaks).not_to_have_count(0)
    slow.get_by_role("button", name="Unfold", exact=True).click()
    expect(breaks).to_have_count(0)
    slow.get_by_role("button", name="Fold the silence").click()
    expect(breaks).not_to_have_count(0)


def test_a_span_grows_while_it_runs_and_then_has_its_length(page: Page, lab: LabProcesses) -> None:
    lab.set_fault("worker", "slow", ms=9_000)
    order_id = lab.place_order().json()["orderId"]
    lab.heal_all()
    eventually(lambda: lab.get("/api/traces", orderId=order_id)["traces"])
    trace_id = lab.get("/api/traces", orderId=order_id)["traces"][0]["traceId"]
    page.goto(f"{lab.observer_url}/traces/{trace_id}")
    took = page.locator("lab-waterfall .span").filter(has_text="jobs/reserve-stock")
    took = took.locator(".took")
    expect(took).to_have_text(re.compile(r" …$"), timeout=10_000)
    early = took.inner_text()
    expect(took).not_to_have_text(early)
    expect(took).to_have_text(re.compile(r"^9\.\d\d s$"), timeout=20_000)


def test_the_keyboard_moves_folds_opens_and_zooms(slow: Page) -> None:
    rows = slow.locator("lab-waterfall .span")
    before = rows.count()
    rows.first.focus()
    slow.keyboard.press("j")
    slow.keyboard.press("ArrowLeft")
    expect(rows.nth(1)).to_have_attribute("aria-expanded", "false")
    assert rows.count() < before
    slow.keyboard.press("ArrowRight")
    expect(rows).to_have_count(before)
    slow.keyboard.press("Enter")
    expect(slow.locator("lab-waterfall .details")).to_contain_text("self time")
    expect(slow.locator("lab-waterfall .details")).to_contain_text("request.id")
    expect(slow).to_have_url(re.compile(r"\?span=[0-9a-f]{16}$"))
    slow.keyboard.press("z")
    expect(slow.get_by_role("button", name="Whole trace")).to_be_visible()
    slow.keyboard.press("Escape")
    expect(slow.get_by_role("button", name="Whole trace")).to_have_count(0)


def test_the_selection_and_the_view_stand_in_the_address(slow: Page) -> None:
    slow.locator("lab-waterfall .span").filter(has_text="stock.reserve").click()
    slow.keyboard.press("4")
    expect(slow).to_have_url(re.compile(r"view=logs&span="))
    slow.get_by_role("button", name="Worker only").click()
    expect(slow).to_have_url(re.compile(r"perspective=worker"))
    slow.reload()
    expect(slow.get_by_role("tab", name="Logs")).to_have_attribute("aria-selected", "true")
    expect(slow.get_by_role("button", name="Worker only")).to_have_attribute("aria-pressed", "true")


def test_a_cursor_is_shared_by_the_views(slow: Page) -> None:
    slow.get_by_role("tab", name="Two truths").click()
    expect(slow.locator("lab-truths li[aria-current]")).to_contain_text("told that the stock")
    slow.locator("lab-truths input").focus()
    slow.keyboard.press("ArrowLeft")
    current = slow.locator("lab-truths li[aria-current]")
    expect(current).to_contain_text("has reserved the stock")
    expect(current).to_contain_text("waits for the worker")
    slow.get_by_role("tab", name="Timeline").click()
    expect(slow.locator("lab-waterfall .overlay")).to_be_attached()
    expect(slow.locator("lab-waterfall .cursor-time")).to_have_text(re.compile(r"^\+2\.\d\d s$"))


def test_a_side_alone_hides_the_others_until_they_are_revealed(slow: Page) -> None:
    everything = slow.locator("lab-waterfall .span").count()
    slow.get_by_role("button", name="API only").click()
    rows = slow.locator("lab-waterfall .span")
    expect(rows.filter(has=slow.locator(".service.worker"))).to_have_count(0)
    slow.get_by_role("button", name="Reveal").click()
    expect(rows).to_have_count(everything)


def test_a_clock_is_moved_by_whoever_looks_and_that_is_said(slow: Page) -> None:
    slow.get_by_text("Clocks").click()
    field = slow.get_by_role("spinbutton", name="worker")
    field.fill("-400")
    field.blur()
    notice = slow.locator("lab-clocks .notice")
    expect(notice).to_contain_text("worker is shown with its clock moved by −400.0 ms")
    slow.get_by_role("button", name="Show as it was written").click()
    expect(notice).to_be_hidden()


def test_a_clock_that_cannot_be_right_is_said(page: Page, lab: LabProcesses) -> None:
    trace_id = skewed(lab)
    page.goto(f"{lab.observer_url}/traces/{trace_id}")
    notice = page.locator("lab-clocks .notice")
    expect(notice).to_contain_text("an effect stands before its cause")
    notice.get_by_role("button", name=re.compile("^Move ")).click()
    expect(notice).to_contain_text("is shown with its clock moved by +60.0 ms")


def skewed(lab: LabProcesses) -> str:
    """Send a trace in which a server's span starts 60 ms before its client's."""
    now = time.time_ns()
    trace_id = f"{now:032x}"

    def of(service: str, span_id: str, parent: str, start: int) -> dict[str, object]:
        resource = {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]}
        span = {
            "traceId": trace_id,
            "spanId": span_id,
            "parentSpanId": parent,
            "name": service,
            "kind": 2,
            "startTimeUnixNano": str(start),
            "endTimeUnixNano": str(start + 50_000_000),
        }
        return {"resource": resource, "scopeSpans": [{"spans": [span]}]}

    spans = [
        of("front", "a" * 16, "", now),
        of("back", "b" * 16, "a" * 16, now - 60_000_000),
    ]
    url = f"{lab.observer_url}/v1/traces"
    lab.session.post(url, json={"resourceSpans": spans}, timeout=10).raise_for_status()
    return trace_id


def test_of_a_large_trace_only_what_is_in_sight_is_in_the_document(
    page: Page, lab: LabProcesses
) -> None:
    size = 5_000
    trace_id = send(lab, size)
    page.goto(f"{lab.observer_url}/traces/{trace_id}")
    grid = page.locator("lab-waterfall [role=treegrid]")
    expect(grid).to_have_attribute("aria-rowcount", str(size + 1))
    rows = page.locator("lab-waterfall .span")
    assert rows.count() < 100
    rows.first.focus()
    page.keyboard.press("End")
    expect(page.locator("lab-waterfall .span:focus")).to_have_attribute(
        "aria-rowindex", str(size + 1)
    )
    assert rows.count() < 100
    page.get_by_label("Find a span").fill("operation 7")
    page.keyboard.press("Enter")
    expect(page.locator("lab-waterfall .tools")).to_contain_text(re.compile(r"\d+ / 125"))
