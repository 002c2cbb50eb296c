"""Traces that no sender is meant to make open all the same, and their oddity is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.page.odd_traces import SHAPES
from tests.support.processes import LabProcesses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

    from tests.page.odd_traces import OddTrace

pytestmark = [pytest.mark.page, pytest.mark.long, pytest.mark.timeout(300)]

_VIEWS = ("Messages", "Caller and callee", "Logs", "Evidence", "Timeline")
# Many spans take long to be explained.
_MS = 60_000


@pytest.fixture(scope="module")
def roomy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabProcesses]:
    """A lab of its own: so many spans would slow the tests that come after."""
    with LabProcesses(tmp_path_factory.mktemp("odd")) as started:
        yield started


def send(lab: LabProcesses, odd: OddTrace) -> None:
    for signal, body in odd.bodies():
        answer = lab.session.post(
            f"{lab.observer_url}/v1/{signal}",
            data=body,
            headers={"Content-Type": "application/json"},
            timeout=60,
        )
        assert (answer.status_code, answer.json()) == (200, {})


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_it_opens_and_its_oddity_is_said(
    shape: Callable[[], OddTrace], roomy: LabProcesses, browser: Browser
) -> None:
    odd = shape()
    send(roomy, odd)
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{roomy.observer_url}/traces/{odd.trace_id}")
    expect(page.locator("lab-diagnosis .headline")).not_to_be_empty(timeout=_MS)
    if odd.spans:
        page.locator("lab-waterfall .span").first.click()
        expect(page.locator("lab-waterfall .details")).to_contain_text("Resource")
    for words in odd.says:
        expect(page.locator("lab-trace")).to_contain_text(words, timeout=_MS)
    for view in _VIEWS:
        page.get_by_role("tab", name=view).click()
        expect(page.get_by_role("tabpanel")).to_be_visible()
    assert complaints == []
    page.goto(f"{roomy.observer_url}/traces?q={odd.trace_id}")
    expect(page.locator("lab-traces tbody tr")).to_have_count(1)
    assert complaints == []
    context.close()
