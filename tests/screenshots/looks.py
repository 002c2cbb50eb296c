"""In what size, theme and language a page is looked at, and the pages that are open in them."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.support.processes import LabProcesses

_NARROW = 900


@dataclass(frozen=True)
class Look:
    """A size of the window, a theme and a language."""

    width: int
    height: int
    theme: Literal["light", "dark"] = "light"
    language: str = "en"

    @property
    def name(self) -> str:
        """What it is called in the name of a file."""
        extra = [each for each in (self.theme, self.language) if each not in ("light", "en")]
        return "-".join([str(self.width), *extra])

    @property
    def is_narrow(self) -> bool:
        """Whether one region is shown at a time."""
        return self.width < _NARROW


DESK = Look(1440, 900)
LOOKS = (
    DESK,
    Look(1440, 900, "dark"),
    Look(1440, 900, language="ja"),
    Look(1280, 720),
    Look(390, 844),
    Look(390, 844, "dark"),
    Look(390, 844, language="ja"),
)


@dataclass(frozen=True)
class Shots:
    """A lab, and a page of it in each look, to be saved under a state's name."""

    lab: LabProcesses
    directory: Path
    pages: Mapping[Look, Page]

    @property
    def desk(self) -> Page:
        """The page on which things are done."""
        return self.pages[DESK]

    def visit(self, path: str = "/") -> None:
        """Open a page of the lab everywhere."""
        for page in self.pages.values():
            visit(page, self.lab, path)

    def save(self, state: str, look: Look) -> None:
        """Save a picture in one look."""
        path = self.directory / f"{state}-{look.name}.png"
        self.pages[look].screenshot(path=path, animations="disabled")
        print(path)

    def save_all(self, state: str) -> None:
        """Save a picture in each look."""
        for look in self.pages:
            self.save(state, look)


def visit(page: Page, lab: LabProcesses, path: str = "/") -> None:
    """Open a page of the lab, and wait until it is live."""
    page.goto(f"{lab.observer_url}{path}")
    expect(page.locator("#connection")).to_have_attribute("data-state", "live")


@contextmanager
def opened(
    browser: Browser, lab: LabProcesses, looks: Sequence[Look]
) -> Iterator[dict[Look, Page]]:
    """Open a page in each look."""
    with ExitStack() as contexts:
        pages = {}
        for look in looks:
            context = browser.new_context(
                viewport={"width": look.width, "height": look.height},
                color_scheme=look.theme,
                reduced_motion="reduce",
            )
            contexts.callback(context.close)
            context.add_cookies(
                [{"name": "django_language", "value": look.language, "url": lab.observer_url}]
            )
            pages[look] = context.new_page()
        yield pages
