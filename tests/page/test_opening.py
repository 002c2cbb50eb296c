"""What a page fetches, in which order, and what it does not fetch twice."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

import psutil
import pytest
from playwright.sync_api import expect

from benchmarks.viewer import Visit, open_twice
from benchmarks.viewing.traces import send
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.timeout(90)]

_ALL_THERE = """["messages", "truths", "checklist"]
  .every((each) => customElements.get(`lab-${each}`))"""
# The page itself, two styles, theme, texts and the modules that it begins with.
_MOST_FILES = 6
# Styles beside those of the page.
_OF_THE_LESSON = 4
# Spans, logs, explanation, problems, the feed.
_MOST_CALLS = 5
_TIMES = 3
# Twice what is aimed at on a quiet machine, and more where others share it.
_FIRST_VISIT_MS, _SECOND_VISIT_MS, _WHOLE_MS = 800, 500, 1_000


def fetched(page: Page, url: str) -> list[str]:
    """The paths that a page requests until its explanation is there, in their order."""
    paths: list[str] = []
    # What the page before has asked for is no part of it.
    page.goto("about:blank")
    page.on("request", lambda request: paths.append(request.url.partition("//")[2]))
    page.goto(url)
    expect(page.locator("lab-diagnosis .headline")).to_be_visible()
    return paths


def test_the_first_rows_come_with_the_page_and_nothing_comes_twice(
    page: Page, lab: LabProcesses
) -> None:
    trace_id = send(lab, 300)
    paths = fetched(page, f"{lab.observer_url}/traces/{trace_id}")
    assert [each for each in paths if "/spans?" in each and "cursor=" not in each] == []
    # What is stored may be asked for again, when records of no trace come.
    once = [each for each in paths if "/api/" not in each]
    assert sorted(set(once)) == sorted(once)


@pytest.mark.parametrize(
    ("path", "more"), [("/", 0), ("/traces", 0), ("/experiments", 0), ("/lesson", _OF_THE_LESSON)]
)
def test_a_page_needs_few_files_to_begin_with(
    page: Page, lab: LabProcesses, path: str, more: int
) -> None:
    files: list[str] = []
    page.goto("about:blank")
    page.on("request", lambda request: files.append(request.url.partition(lab.observer_url)[2]))
    page.goto(f"{lab.observer_url}{path}")
    expect(page.locator("#connection[data-state=live]")).to_be_visible()
    assert len([each for each in files if _is_needed_at_first(each)]) <= _MOST_FILES + more


def _is_needed_at_first(path: str) -> bool:
    return "/api/" not in path and "/joined/later/" not in path


def test_what_is_not_seen_at_first_comes_after_what_is(page: Page, lab: LabProcesses) -> None:
    paths = fetched(page, f"{lab.observer_url}/traces/{send(lab, 300)}")
    [later] = [at for at, each in enumerate(paths) if "/joined/later/" in each]
    assert later > next(at for at, each in enumerate(paths) if "/api/logs" in each)
    # By the time that somebody asks for them they are there, whatever has become of the observer.
    eventually(lambda: page.evaluate(_ALL_THERE))


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_large_trace_has_its_first_row_as_soon_as_a_small_one(
    browser: Browser, lab: LabProcesses
) -> None:
    """The figures on a quiet machine are those of ``benchmarks/viewer.py``."""
    visits = {size: _visits(browser, lab, size) for size in (1_000, 10_000)}
    sharing = max(1.0, psutil.getloadavg()[0] / (psutil.cpu_count() or 1))
    for first, second in visits.values():
        assert first.first_row <= _FIRST_VISIT_MS * sharing
        assert second.first_row <= _SECOND_VISIT_MS * sharing
        assert first.requests <= _MOST_FILES + _MOST_CALLS
        assert second.requests <= 1 + _MOST_CALLS
    (small_first, small_second), (large_first, large_second) = visits.values()
    assert large_first.first_row <= 2 * small_first.first_row
    assert large_second.first_row <= 2 * small_second.first_row
    assert large_second.whole <= _WHOLE_MS * sharing


def _visits(browser: Browser, lab: LabProcesses, size: int) -> list[Visit]:
    """The medians of a first and of a second visit."""
    url = f"{lab.observer_url}/traces/{send(lab, size)}"
    opened = [open_twice(browser, url, size, used=False).visits for _ in range(_TIMES)]
    return [
        Visit(*map(statistics.median, zip(*each, strict=True)))
        for each in zip(*opened, strict=True)
    ]


def test_answers_and_pages_are_compressed(page: Page, lab: LabProcesses) -> None:
    trace_id = send(lab, 300)
    for path in ("/", "/traces", "/api/experiments", f"/api/traces/{trace_id}"):
        answer = lab.session.get(f"{lab.observer_url}{path}", timeout=10)
        assert answer.headers["Content-Encoding"] == "gzip", path
