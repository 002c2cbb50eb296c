"""The source material's three experiments, each by its button."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.page, pytest.mark.long, pytest.mark.timeout(120)]

SLOWEST_MS = 40_000


@pytest.mark.parametrize(
    ("title", "seen"),
    [
        ("A: the API cannot reach the worker", ["connect_refused", "PENDING", "201"]),
        ("B: the worker cannot reach the API", ["callback failed", "PENDING", "201"]),
        ("C: the worker is slow", ["read_timeout", "timeoutMs 800", "CONFIRMED", "one trace"]),
    ],
)
def test_an_experiment_shows_what_happened_beside_what_was_expected(
    page: Page, title: str, seen: list[str]
) -> None:
    page.keyboard.press("o")
    expect(page.locator("lab-place .status")).to_contain_text("201")
    page.get_by_role("button", name=f"Run: {title}").click()
    state = page.locator("lab-experiments .details")
    expect(state).to_contain_text("as expected", timeout=SLOWEST_MS)
    expect(state).not_to_contain_text("not as expected")
    expect(page.locator("#fault-note")).to_have_text("No active faults")
    state.click()
    run = page.locator("lab-experiments lab-run")
    for text in seen:
        expect(run.locator("td.mono").filter(has_text=text).first).to_be_visible()
    hit = run.get_by_role("button").last.inner_text()
    # The order that the fault hit is the one that is shown, not those that were placed around it.
    expect(page.locator("lab-orders tr[aria-current]")).to_contain_text(hit)
    expect(page.locator("lab-diagnosis .headline")).to_be_visible()
    # Nothing is said of the order before it beside the verdict.
    expect(page.locator("lab-place .status")).to_be_empty()
