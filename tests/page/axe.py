"""axe on a page as it stands, in both themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page


def assert_accessible(page: Page) -> None:
    """Assert that axe finds nothing; in the dark theme, where only colours differ, in those alone.

    The page is left in the light theme.
    """
    page.emulate_media(color_scheme="light")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.emulate_media(color_scheme="dark")
    found = Axe().run(page, options={"runOnly": ["color-contrast"]})
    assert found.violations_count == 0, found.generate_report()
    page.emulate_media(color_scheme="light")
