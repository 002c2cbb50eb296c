"""The page of experiments in a real browser: run, follow, files, matrix."""

from __future__ import annotations

import shutil
from functools import partial
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from experiments import catalogue
from tests.page.axe import assert_accessible
from tests.support.processes import ROOT
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.timeout(120)]

SLOWEST_MS = 40_000
KEPT = ROOT / "tests" / "experiments" / "kept"
# Of what is scrolled.
_SCROLLED_TO_END = """each => {
    each.scrollTo(0, each.scrollHeight);
    return each.scrollTop + each.clientHeight >= each.scrollHeight - 1;
}"""


@pytest.fixture
def listed(tab: Page, lab: LabProcesses) -> Page:
    """The page of experiments, opened and live, in a lab in which something has been run."""
    shutil.copytree(KEPT, lab.directory / "var" / "experiments", dirs_exist_ok=True)
    tab.goto(f"{lab.observer_url}/experiments")
    expect(tab.locator("#connection")).to_have_text("Live")
    expect(tab.locator("lab-experiment-list li")).to_have_count(len(catalogue.listed()))
    return tab


def test_a_run_is_followed_and_shown_again_and_leaves_a_report_and_a_journal(
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
    listed.reload()
    first.get_by_role("button", name="Look-alike: the link to the worker is cut").click()
    run.locator("button.mono").first.click()
    expect(listed.locator("lab-diagnosis .headline")).to_be_visible()
    listed.goto(f"{lab.observer_url}{address}")
    expect(listed.get_by_role("heading", level=1)).to_have_text(
        "Look-alike: the link to the worker is cut"
    )
    found = Axe().run(listed)
    assert found.violations_count == 0, found.generate_report()
    listed.set_viewport_size({"width": 390, "height": 844})
    assert listed.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.long
def test_the_matrix_is_measured_and_stopped(listed: Page) -> None:
    matrix = listed.locator("lab-matrix")
    matrix.get_by_label("Orders per cell").fill("1")
    matrix.get_by_role("button", name="Measure").click()
    expect(matrix.locator(".cell.bad").first).to_contain_text("1 stuck", timeout=SLOWEST_MS)
    expect(matrix.locator(".cell.good").first).to_contain_text("✓ 1 of 1")
    expect(listed.locator("lab-experiment-list button:enabled")).to_have_count(0)
    matrix.get_by_role("button", name="Stop").click()
    expect(matrix).to_contain_text("stopped", timeout=SLOWEST_MS)
    expect(matrix.get_by_role("link", name="Report")).to_be_visible()
    expect(listed.locator("lab-experiment-list button:disabled")).to_have_count(0)


def test_axe_finds_nothing(listed: Page) -> None:
    expect(listed.locator("lab-runs tbody tr").first).to_be_visible()
    assert_accessible(listed)


def test_each_column_scrolls_by_itself(listed: Page) -> None:
    listed.set_viewport_size({"width": 1440, "height": 900})
    expect(listed.locator("lab-runs tbody tr").first).to_be_visible()
    eventually(lambda: listed.evaluate("document.documentElement.scrollHeight <= 900"))
    for column in (".catalogue", ".side"):
        # What does not fit can be scrolled to, however many runs there are.
        eventually(partial(listed.locator(column).evaluate, _SCROLLED_TO_END))
    expect(listed.locator("lab-matrix")).to_be_in_viewport()


def test_experiments_stand_by_question_and_are_filtered(listed: Page) -> None:
    shown = listed.locator("lab-experiment-list li:visible")
    listed.keyboard.press("/")
    listed.keyboard.type("retries LOSSY")
    expect(shown).to_have_count(2)
    expect(listed.get_by_role("heading", level=2, name="Do retries help")).to_be_visible()
    expect(listed.locator("lab-experiment-list h2:visible")).to_have_count(1)
    expect(listed.locator("#count")).to_have_text(f"2 of {len(catalogue.listed())}")
    listed.locator("#filter").fill("nothing like it")
    expect(shown).to_have_count(0)
    expect(listed.locator("lab-experiment-list")).to_contain_text("No experiment has these words.")
    listed.locator("#filter").fill("")
    expect(shown).to_have_count(len(catalogue.listed()))


def test_a_narrow_screen_needs_no_scrolling_sideways(listed: Page) -> None:
    listed.set_viewport_size({"width": 390, "height": 844})
    expect(listed.locator("lab-runs tbody tr").first).to_be_visible()
    assert listed.evaluate("document.documentElement.scrollWidth") <= 390
