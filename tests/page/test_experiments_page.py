"""The page of experiments in a real browser: run, follow, files, matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from experiments import files

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.timeout(120)]

SLOWEST_MS = 40_000


@pytest.fixture
def listed(page: Page, lab: LabProcesses) -> Page:
    """The page of experiments, opened and live."""
    page.goto(f"{lab.observer_url}/experiments")
    expect(page.locator("#connection")).to_have_text("Live")
    expect(page.locator("lab-experiment-list li")).to_have_count(len(files.listed()))
    return page


def test_a_run_is_followed_and_leaves_a_report_and_a_journal(
    listed: Page, lab: LabProcesses
) -> None:
    row = listed.locator("li[data-name=look-alike-cut]")
    row.get_by_role("button", name="Run").click()
    run = listed.locator("lab-run")
    expect(run).to_contain_text("Look-alike: the link to the worker is cut")
    expect(run).to_contain_text("as expected", timeout=SLOWEST_MS)
    expect(run.locator("td.mono").filter(has_text="connect_refused").first).to_be_visible()
    expect(row).to_contain_text("as expected")
    first = listed.locator("lab-runs tbody tr").first
    expect(first).to_contain_text("Look-alike: the link to the worker is cut")
    with listed.expect_download() as saved:
        first.get_by_role("link", name="Journal").click()
    assert saved.value.suggested_filename.endswith(".journal.json")
    address = first.get_by_role("link", name="Report").get_attribute("href")
    listed.goto(f"{lab.observer_url}{address}")
    expect(listed.get_by_role("heading", level=1)).to_have_text(
        "Look-alike: the link to the worker is cut"
    )
    found = Axe().run(listed)
    assert found.violations_count == 0, found.generate_report()
    listed.set_viewport_size({"width": 390, "height": 844})
    assert listed.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_past_run_is_shown_again_and_its_order_opened(listed: Page, lab: LabProcesses) -> None:
    listed.locator("li[data-name=duplicate-without-idempotency]").get_by_role("button").click()
    run = listed.locator("lab-run")
    expect(run).to_contain_text("as expected", timeout=SLOWEST_MS)
    listed.reload()
    listed.locator("lab-runs").get_by_role("button", name="A job is delivered twice").first.click()
    run.locator("button.mono").first.click()
    expect(listed.locator("lab-diagnosis .headline")).to_be_visible()


def test_the_matrix_is_measured_and_stopped(listed: Page) -> None:
    matrix = listed.locator("lab-matrix")
    matrix.get_by_label("Orders a cell").fill("1")
    matrix.get_by_role("button", name="Measure").click()
    expect(matrix.locator(".cell.bad").first).to_contain_text("1 stuck", timeout=SLOWEST_MS)
    expect(matrix.locator(".cell.good").first).to_contain_text("✓ 1 of 1")
    expect(listed.locator("lab-experiment-list button:enabled")).to_have_count(0)
    matrix.get_by_role("button", name="Stop").click()
    expect(matrix).to_contain_text("stopped", timeout=SLOWEST_MS)
    expect(matrix.get_by_role("link", name="Report")).to_be_visible()
    expect(listed.locator("lab-experiment-list button:disabled")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(listed: Page, theme: str) -> None:
    listed.get_by_label("Theme").select_option(theme)
    expect(listed.locator("lab-runs tbody tr").first).to_be_visible()
    found = Axe().run(listed)
    assert found.violations_count == 0, found.generate_report()


def test_the_run_that_stays_in_view_covers_nothing(listed: Page) -> None:
    listed.evaluate("scrollTo(0, document.body.scrollHeight)")
    side = listed.locator(".side").bounding_box()
    matrix = listed.locator("lab-matrix").bounding_box()
    assert side is not None
    assert matrix is not None
    assert side["y"] + side["height"] <= matrix["y"]


def test_a_narrow_screen_needs_no_scrolling_sideways(listed: Page) -> None:
    listed.set_viewport_size({"width": 390, "height": 844})
    expect(listed.locator("lab-runs tbody tr").first).to_be_visible()
    assert listed.evaluate("document.documentElement.scrollWidth") <= 390
