"""axe finds nothing, whatever is open on the bench, and in every state that it can be in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.page.axe import assert_accessible
from tests.page.bench import place

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.long, pytest.mark.timeout(120)]

OPENED = ":popover-open, dialog[open]"
OPENERS = (
    "#help-button",
    "lab-place .split > button:last-of-type",
    "#more-actions",
    "lab-log .find",
    "lab-trace .bar > button[aria-haspopup]",
)


@pytest.mark.parametrize("within", [OPENED, None])
def test_what_is_opened(page: Page, within: str | None) -> None:
    place(page)
    for opener in OPENERS:
        page.locator(opener).first.click()
        expect(page.locator(OPENED)).to_have_count(1)
        assert_accessible(page, within=within)
        page.keyboard.press("Escape")
        expect(page.locator(OPENED)).to_have_count(0)


def test_the_first_visit_and_while_nothing_has_come_yet(page: Page, lab: LabProcesses) -> None:
    lab.session.post(f"{lab.observer_url}/api/start-over", timeout=60).raise_for_status()
    # The page begins anew by itself.
    expect(page.locator("lab-welcome")).to_be_visible()
    assert_accessible(page)
    page.route("**/api/**", lambda _route: None)
    page.reload()
    expect(page.locator("lab-orders")).to_contain_text("Loading")
    expect(page.locator("lab-map .unknown").first).to_be_visible()
    expect(page.locator("lab-map .heal:visible")).to_have_count(0)
    assert_accessible(page)
    page.unroute_all(behavior="ignoreErrors")


def test_faults_everywhere(page: Page, lab: LabProcesses) -> None:
    for target, kind in (
        ("client-to-api", "slow"),
        ("client-to-api", "lossy"),
        ("api-to-worker", "response_lost"),
        ("worker-to-api", "cut"),
        ("worker-to-api", "reset"),
        ("api", "slow"),
        ("worker", "crash"),
    ):
        lab.set_fault(target, kind, **({"ms": 20} if kind == "slow" else {}))
    expect(page.locator("lab-map .broken")).to_have_count(5)
    assert_accessible(page)
    page.locator("#fault-note").click()
    expect(page.locator("lab-fault-menu")).to_be_visible()
    assert_accessible(page, within="lab-fault-menu")


def test_each_region_of_a_narrow_screen(page: Page) -> None:
    place(page)
    page.set_viewport_size({"width": 390, "height": 844})
    for region in ("orders", "waterfall", "messages", "truths", "checklist", "log"):
        page.locator(f"button[data-region={region}]").click()
        assert_accessible(page)
