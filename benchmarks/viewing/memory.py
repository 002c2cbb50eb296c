"""How much memory a page of Chromium takes, and the observer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.support.processes import LabProcesses

MEBIBYTE = 1024 * 1024


def heap_mebibytes(page: Page) -> float:
    """What is left of a page's JavaScript once what nobody uses is gone, its arrays included."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.enable")
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")
    session.detach()
    return float(used["usedSize"] + used.get("backingStorageSize", 0)) / MEBIBYTE


def renderer_mebibytes(browser: Browser) -> float:
    """How much the largest of the browser's processes that show pages has in memory."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return max(_resident(each["id"]) for each in processes if each["type"] == "renderer")


def observer_mebibytes(lab: LabProcesses) -> float:
    """How much the observer has in memory."""
    return _resident(lab.pid_of("observer"))


def _resident(process_id: int) -> float:
    return psutil.Process(process_id).memory_info().rss / MEBIBYTE
