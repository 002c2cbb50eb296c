"""axe finds nothing on the page, in neither theme, in no view of a trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.timeout(120)]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, lab: LabProcesses, theme: str) -> None:
    page.get_by_label("Theme").select_option(theme)
    lab.set_fault("api-to-worker", "cut")
    lab.set_fault("worker-to-api", "slow", ms=10, ttlSeconds=600)
    page.get_by_role("button", name="Place order").click()
    expect(page.locator("lab-orders tbody tr").first).to_contain_text("PENDING")
    page.locator("lab-orders tbody button").first.click()
    for view in ("Timeline", "Messages", "Two truths", "Logs", "Evidence"):
        page.get_by_role("tab", name=view).click()
        found = Axe().run(page)
        assert found.violations_count == 0, f"{view}: {found.generate_report()}"
