"""A trace at a moment, searched, summed up, and beside another: the states of the viewer's pages.

``--docs`` saves three of them as the small pictures of ``docs/viewer.md``.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import expect

from tests.page.bench import trace_with
from tests.screenshots.looks import Look, opened, visit
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.screenshots.looks import Shots
    from tests.support.processes import LabProcesses

_SUMS = {"6": "flame", "7": "spans", "8": "statistics"}
_BACK = 8
_DOCS = Look(1120, 640)
_COLOURS = 128


def viewer(shots: Shots) -> None:
    """Each view of a slow order's trace, a moment of it, what is found, a span, and two traces."""
    slow, quick = _two(shots.lab)
    shots.visit(f"/traces/{slow}")
    for page in shots.pages.values():
        _drawn(page)
    for key, name in _SUMS.items():
        for page in shots.pages.values():
            page.keyboard.press(key)
        shots.save_all(f"viewer-{name}")
    for page in shots.pages.values():
        page.keyboard.press("1")
        _go_back(page)
    shots.save_all("viewer-past")
    for page in shots.pages.values():
        page.keyboard.press("2")
    shots.save_all("viewer-past-messages")
    for page in shots.pages.values():
        page.keyboard.press("1")
        page.locator(".replay > button").last.click()
        page.keyboard.press("/")
        page.keyboard.type("service:worker duration>1ms")
        page.keyboard.press("Enter")
        expect(page.locator("lab-waterfall .span.found").first).to_be_visible()
    shots.save_all("viewer-find")
    for page in shots.pages.values():
        page.keyboard.press("Escape")
        page.locator("lab-waterfall .span").nth(1).click()
        expect(page.locator("lab-waterfall .details .facts").first).to_be_visible()
    shots.save_all("viewer-span")
    shots.visit(f"/compare?a={quick}&b={slow}")
    for page in shots.pages.values():
        _compared(page)
    shots.save_all("viewer-compare")
    shots.visit(f"/compare?a={quick}&b={'0' * 32}")
    for page in shots.pages.values():
        expect(page.locator(".picker a:visible").first).to_be_visible()
    shots.save_all("viewer-pick")


def for_docs(browser: Browser, lab: LabProcesses, directory: Path) -> None:
    """Save the pictures of the viewer's page of the docs."""
    slow, quick = _two(lab)
    with opened(browser, lab, [_DOCS]) as pages:
        page = pages[_DOCS]
        visit(page, lab, f"/traces/{slow}")
        _drawn(page)
        page.keyboard.press("6")
        expect(page.locator("lab-flame .frame").first).to_be_visible()
        _save(page, directory / "viewer-flame.png")
        page.keyboard.press("1")
        _go_back(page)
        _save(page, directory / "viewer-past.png")
        visit(page, lab, f"/compare?a={quick}&b={slow}")
        _compared(page)
        _save(page, directory / "viewer-compare.png")


def _two(lab: LabProcesses) -> tuple[str, str]:
    """The traces of an order whose worker was slow, and of one that went well."""
    quick = _placed(lab)
    lab.set_fault("worker", "slow", ms=2_000)
    slow = _placed(lab)
    lab.heal_all()
    return slow, quick


def _placed(lab: LabProcesses) -> str:
    order_id = lab.place_order().json()["orderId"]
    return eventually(lambda: trace_with(lab, order_id, spans=10), seconds=20)


def _drawn(page: Page) -> None:
    expect(page.locator("lab-diagnosis .headline")).to_contain_text("CONFIRMED")


def _go_back(page: Page) -> None:
    for _ in range(_BACK):
        page.keyboard.press(",")
    expect(page).to_have_url(re.compile("at="))
    expect(page.locator("lab-trace .why.awaited")).to_have_count(0)


def _compared(page: Page) -> None:
    expect(page.locator("lab-compare .step-row").first).to_be_visible()


def _save(page: Page, path: Path) -> None:
    taken = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    taken.quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(path)
