"""The source material's three experiments, each by its button."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.page, pytest.mark.timeout(120)]

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
    page.get_by_role("button", name=f"Run: {title}").click()
    run = page.locator("lab-experiments .run")
    expect(run).to_contain_text("as expected", timeout=SLOWEST_MS)
    expect(run).not_to_contain_text("not as expected")
    for text in seen:
        expect(run.locator("td.mono").filter(has_text=text).first).to_be_visible()
    expect(page.locator("lab-faults")).to_contain_text("No fault is in force.")
    run.get_by_role("button").last.click()
    expect(page.locator("lab-diagnosis .headline")).to_be_visible()
