"""The lab's page in a real browser; what the browser complains of fails the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.support.processes import LabProcesses

# Said by the browser itself of a call that a fault was meant to fail.
_EXPECTED = (
    "net::ERR_CONNECTION_REFUSED",
    "net::ERR_EMPTY_RESPONSE",
    "net::ERR_CONNECTION_RESET",
    "status of 409 (Conflict)",
    "status of 503 (Service Unavailable)",
)


@pytest.fixture
def page(browser: Browser, lab: LabProcesses) -> Iterator[Page]:
    """The page, opened and live."""
    # Nothing is looked at half-way through a change of its colour.
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, reduced_motion="reduce")
    opened = context.new_page()
    complaints: list[str] = []
    opened.on(
        "console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None
    )
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(lab.observer_url)
    expect(opened.locator("#connection")).to_have_text("Live")
    yield opened
    context.close()
    unexpected = [each for each in complaints if not any(known in each for known in _EXPECTED)]
    assert unexpected == []
