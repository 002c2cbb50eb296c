"""The log beside an order: its level, what is found in it, its pause, probes on demand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.page.axe import assert_accessible
from tests.page.bench import place
from tests.page.records import send
from tests.support.processes import LabProcesses
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.page, pytest.mark.timeout(90)]


@pytest.fixture
def lines(page: Page) -> Locator:
    """The lines of everything, once an order has made some."""
    place(page)
    page.get_by_role("tab", name="Everything").click()
    shown = page.locator("lab-stream li")
    expect(shown.filter(has_text="order confirmed").last).to_be_visible()
    return shown


def find(page: Page) -> Locator:
    """Open what the log is filtered by."""
    page.get_by_role("button", name="Find in the log").click()
    return page.get_by_role("dialog", name="Find in the log")


def test_everything_is_filtered_by_service_and_text(page: Page, lines: Locator) -> None:
    panel = find(page)
    expect(panel.get_by_label("Text")).to_be_focused()
    panel.get_by_label("Service").select_option("worker")
    expect(lines.filter(has_text="order accepted")).to_have_count(0)
    expect(lines.filter(has_text="stock reserved").last).to_be_visible()
    panel.get_by_label("Text").fill("no such text")
    expect(lines).to_have_text(["No line matches."])
    assert_accessible(page, within="lab-log")
    place(page)
    panel = find(page)
    panel.get_by_label("Text").fill("stock reserved")
    expect(lines.filter(has_text="No line matches.")).to_have_count(0)
    expect(lines.filter(has_text="stock reserved").last).to_be_visible()


def test_an_orders_lines_have_the_same_filter(page: Page, lab: LabProcesses) -> None:
    lab.set_fault("api-to-worker", "cut")
    place(page)
    lines = page.locator("lab-log lab-trace-logs li:visible")
    expect(lines.filter(has_text="order accepted")).to_have_count(1)
    page.get_by_label("lowest level").select_option("ERROR")
    expect(lines).to_have_count(1)
    expect(lines).to_contain_text("failed to deliver job to worker")
    find(page).get_by_label("Text").fill("no such text")
    expect(page.locator("lab-trace-logs .note")).to_have_text("No line matches.")


def test_a_pause_holds_the_lines_and_counts_those_that_would_be_shown(
    page: Page, lab: LabProcesses, lines: Locator
) -> None:
    page.get_by_role("button", name="Pause").click()
    shown = lines.count()
    for number in range(3):
        send(lab, f"held {number}")
    send(lab, "of no interest", level=5)
    expect(page.locator("lab-log [role=status]")).to_have_text("3 lines are waiting")
    assert lines.count() == shown
    page.get_by_role("button", name="Resume").click()
    expect(lines.filter(has_text="held")).to_have_count(3)
    expect(page.locator("lab-log [role=status]")).to_be_empty()


def test_a_line_that_comes_late_is_put_where_its_time_says(
    page: Page, lab: LabProcesses, lines: Locator
) -> None:
    send(lab, "of now")
    expect(lines.last).to_contain_text("of now")
    send(lab, "late by a minute", ago=60)
    late = lines.filter(has_text="late by a minute")
    expect(late).to_have_count(1)
    expect(lines.last).to_contain_text("of now")
    times = page.locator("lab-stream li").evaluate_all("all => all.map(each => each.dataset.at)")
    assert times == sorted(times)


def test_health_checks_are_shown_on_demand(page: Page, lab: LabProcesses, lines: Locator) -> None:
    send(lab, "asked first", span="GET /healthz")
    send(lab, "after the probe")
    expect(lines.filter(has_text="after the probe")).to_be_visible()
    of_probes = lines.filter(has_text=re.compile("asked (first|again)"))
    expect(of_probes).to_have_count(0)
    box = find(page).get_by_label("Health checks and probes")
    box.check()
    expect(of_probes).to_have_count(1)
    send(lab, "asked again", span="GET /healthz")
    expect(of_probes).to_have_count(2)
    box.uncheck()
    expect(of_probes).to_have_count(0)


def test_health_checks_from_before_the_page_are_read_when_they_are_asked_for(
    page: Page, lab: LabProcesses
) -> None:
    send(lab, "asked long ago", span="GET /healthz")
    page.reload()
    page.get_by_role("tab", name="Everything").click()
    expect(page.locator("#connection")).to_have_text("Live")
    of_probes = page.locator("lab-stream li").filter(has_text="asked long ago")
    expect(of_probes).to_have_count(0)
    box = find(page).get_by_label("Health checks and probes")
    box.check()
    expect(of_probes.first).to_be_visible()
    box.uncheck()
    expect(of_probes).to_have_count(0)


@pytest.mark.long
def test_an_ordinary_start_and_an_order_leave_no_warning(tmp_path: Path) -> None:
    with LabProcesses(tmp_path) as lab:
        for path in ("/", "/traces", "/lesson", "/experiments"):
            assert lab.session.get(f"{lab.observer_url}{path}", timeout=10).ok
        order_id = lab.place_order().json()["orderId"]
        eventually(lambda: lab.get("/api/logs", orderId=order_id)["logs"])
        logs = lab.get("/api/logs", probes="1", limit="1000")["logs"]
        assert [line for line in logs if line["level"] not in ("INFO", "DEBUG")] == []
        printed = [line for line in lab.log.splitlines() if "WARN" in line or "ERROR" in line]
        assert printed == []
