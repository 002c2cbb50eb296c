"""The chapters, in their order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class UnknownChapterError(Exception):
    """There is no chapter of this name."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter: its place in the URL, its titles, and how long it takes."""

    name: str
    title: StrPromise
    summary: StrPromise
    minutes: int

    @property
    def template(self) -> str:
        """Where its text stands."""
        return f"lesson/chapters/{self.name}.html"

    @property
    def number(self) -> int:
        """Its place, from 1."""
        return CHAPTERS.index(self) + 1


CHAPTERS: tuple[Chapter, ...] = (
    Chapter(
        "partition",
        _("What a partition is, and what it is not"),
        _("Everyone is alive, and yet nobody hears the other. What the P of CAP means."),
        4,
    ),
    Chapter(
        "experiments",
        _("Three experiments"),
        _("Cut the way there, cut the way back, slow the worker down: predict, run, compare."),
        10,
    ),
    Chapter(
        "slow",
        _("Slow is not dead"),
        _("A timeout says that you stopped waiting. It does not say that anything failed."),
        6,
    ),
    Chapter(
        "subtle",
        _("Subtle partitions"),
        _("One way only, now and then, or just the answer: the ones that cost whole nights."),
        7,
    ),
    Chapter(
        "firewall",
        _("The firewall: drop or reject"),
        _("The same rule, two ways to say no. One answers at once, the other never."),
        6,
    ),
    Chapter(
        "logging",
        _("What to log"),
        _("Ten fields that turn a mystery at three in the morning into a diagnosis."),
        6,
    ),
)


def find(name: str) -> Chapter:
    """Return the chapter called ``name``.

    :raises UnknownChapterError: there is none.
    """
    for chapter in CHAPTERS:
        if chapter.name == name:
            return chapter
    raise UnknownChapterError(name)


def beside(chapter: Chapter) -> tuple[Chapter | None, Chapter | None]:
    """Return the chapter before and the one after; None where there is none."""
    place = CHAPTERS.index(chapter)
    before = CHAPTERS[place - 1] if place else None
    after = CHAPTERS[place + 1] if place + 1 < len(CHAPTERS) else None
    return before, after
