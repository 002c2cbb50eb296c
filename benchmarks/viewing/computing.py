"""How long a page's own thread computes: says something on a busy machine, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page


class Computing:
    """A page of Chromium from now on."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("Performance.enable", {"timeDomain": "threadTicks"})
        self._before = self._read()

    def lap_ms(self) -> float:
        """Return the milliseconds since the last time, or since the beginning."""
        before, self._before = self._before, self._read()
        return self._before - before

    def _read(self) -> float:
        metrics = self._session.send("Performance.getMetrics")["metrics"]
        found = {each["name"]: each["value"] for each in metrics}
        return float(found["TaskDuration"]) * 1_000
