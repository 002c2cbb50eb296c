"""The moving picture of the README: a link is cut, an order is placed, and the reason stands there.

Each step is a picture of the real page with a ring where the pointer presses; Pillow makes one WebP
of them in each theme.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import expect

from tests.page.bench import place
from tests.screenshots.looks import Look, opened, visit

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

    from tests.support.processes import LabProcesses

_LOOKS = (Look(1440, 900), Look(1440, 900, "dark"))
_QUALITY = 82
_RING = """point => {
  const ring = document.createElement("div");
  ring.popover = "manual";
  Object.assign(ring.style, {
    position: "fixed", inset: "auto", left: `${point.x - 17}px`, top: `${point.y - 17}px`,
    width: "34px", height: "34px", margin: 0, padding: 0, borderRadius: "50%",
    border: "3px solid #e8590c", background: "rgb(232 89 12 / 18%)",
  });
  document.body.append(ring);
  ring.showPopover();
  return () => ring.remove();
}"""


class _Film:
    """Frames and how long each stands."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.frames: list[Image.Image] = []
        self.milliseconds: list[int] = []

    def take(self, milliseconds: int) -> None:
        """Add the page as it stands."""
        taken = self._page.screenshot(animations="disabled")
        self.frames.append(Image.open(io.BytesIO(taken)).convert("RGB"))
        self.milliseconds.append(milliseconds)

    def press(self, target: Locator, milliseconds: int = 900) -> None:
        """Add the page with a ring on what is pressed, and press it."""
        box = target.bounding_box()
        assert box is not None
        point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        ring = self._page.evaluate_handle(_RING, point)
        self.take(milliseconds)
        ring.evaluate("remove => remove()")
        target.click()

    def save(self, path: Path) -> None:
        """Write the film, which begins anew at its end."""
        first, *others = self.frames
        first.save(
            path,
            save_all=True,
            append_images=others,
            duration=self.milliseconds,
            loop=0,
            quality=_QUALITY,
            method=6,
        )
        print(path, path.stat().st_size)


def record(browser: Browser, lab: LabProcesses, directory: Path) -> None:
    """Record the loop in each theme, as ``loop-light.webp`` and ``loop-dark.webp``."""
    with opened(browser, lab, _LOOKS) as pages:
        for look, page in pages.items():
            lab.restore()
            visit(page, lab)
            _record(page).save(directory / f"loop-{look.theme}.webp")


def _record(page: Page) -> _Film:
    place(page)
    expect(page.locator("lab-diagnosis .headline")).to_contain_text("both sides agree")
    expect(page.get_by_role("row", name="client, order.click")).to_be_visible()
    expect(page.locator("lab-orders tr[aria-current]")).to_contain_text("RESERVED")
    page.wait_for_load_state("networkidle")
    film = _Film(page)
    film.take(1_200)
    film.press(page.locator("lab-map [data-target=api-to-worker]"))
    menu = page.locator("lab-fault-menu")
    expect(menu).to_be_visible()
    film.press(menu.get_by_role("button", name="Cut", exact=True))
    expect(page.locator("lab-map .broken")).to_be_visible()
    film.take(700)
    page.keyboard.press("Escape")
    film.press(page.locator("lab-place .split > button").first)
    expect(page.locator("lab-diagnosis .headline")).to_contain_text("PENDING")
    page.wait_for_load_state("networkidle")
    film.take(3_000)
    film.press(page.get_by_role("tab", name="Messages"))
    film.take(2_600)
    film.press(page.get_by_role("tab", name="Two truths"))
    film.take(2_600)
    return film
