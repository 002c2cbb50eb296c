"""axe on a page as it stands, in both themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page


# Of what passes no list is made either, which would take longer than the check.
_COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}


def assert_accessible(page: Page, *, within: str | None = None) -> None:
    """Assert that axe finds nothing; in the dark theme, where only colours differ, in those alone.

    ``within`` is a selector of what has changed since axe has seen all of the page, which takes it
    a second. The page is left in the light theme.
    """
    page.emulate_media(color_scheme="light")
    found = Axe().run(page, context=within)
    assert found.violations_count == 0, found.generate_report()
    page.emulate_media(color_scheme="dark")
    found = Axe().run(page, context=within, options=_COLOURS)
    assert found.violations_count == 0, found.generate_report()
    page.emulate_media(color_scheme="light")
