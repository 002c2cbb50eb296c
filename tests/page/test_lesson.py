"""The lesson in a real browser, in both languages: predict, prove, unmask."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from benchmarks.viewing.traces import send
from lesson import mystery
from lesson.chapters import CHAPTERS
from tests.page.axe import assert_accessible
from tests.support.long import long, long_but
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.timeout(120)]

PATHS = ["/lesson", *(f"/lesson/{c.name}" for c in CHAPTERS), "/lesson/quiz", "/lesson/mystery"]
SHORT = ["/lesson", "/lesson/experiments", "/lesson/quiz"]
RUN_MS = 40_000

# Words that stand in Japanese prose as they are; a sentence has more of them in a row.
LATIN_SENTENCE = re.compile(r"[A-Za-z’']{2,}(?:[ ,]+[A-Za-z’']{2,}){3,}")
# Logs, code and names of spans stay as they are, on the page and where a text quotes them.
_READABLE = """() => {
  const asItIs = "script, code, pre, textarea, .mono, .msg, .fields, .choices label,"
    + " lab-waterfall, lab-messages";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [document.title];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement.closest(asItIs)) texts.push(node.data);
  }
  const labels = [...document.querySelectorAll("[aria-label]")].map((each) => each.ariaLabel);
  return [...texts, ...labels].join("\\n").replace(/「[^」]*」/g, "");
}"""


@pytest.fixture
def page(tab: Page) -> Page:
    """The tab: each test opens its own page in it."""
    return tab


@pytest.fixture
def japanese(page: Page, lab: LabProcesses) -> Page:
    """The tab, once Japanese was chosen in the header."""
    open_lesson(page, lab, "/lesson")
    page.get_by_role("button", name="日本語").click()
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    return page


def open_lesson(page: Page, lab: LabProcesses, path: str) -> None:
    page.goto(f"{lab.observer_url}{path}")
    expect(page.locator("#connection")).to_have_attribute("data-state", "live")


def predict(page: Page, exercise: str, *values: str) -> None:
    shown = page.locator(f"lab-exercise[name={exercise}]")
    for value in values:
        shown.locator(f"input[value={value}]").check()
    shown.get_by_role("button").first.click()
    expect(shown.locator(".score")).to_be_visible(timeout=RUN_MS)


@pytest.mark.long
def test_a_prediction_stands_beside_what_the_run_showed(page: Page, lab: LabProcesses) -> None:
    open_lesson(page, lab, "/lesson")
    page.get_by_role("main").get_by_role("link", name="Three experiments").last.click()
    exercise = page.locator("lab-exercise[name=a]")
    expect(exercise.locator(".explanation")).to_be_hidden()
    predict(page, "a", "CONFIRMED", "nothing", "connect_refused")
    expect(exercise.locator(".score")).to_have_text("2 of 3 as you predicted.")
    row = exercise.locator("tbody tr").first
    expect(row).to_contain_text("CONFIRMED")
    expect(row).to_contain_text("PENDING")
    expect(row).to_contain_text("otherwise")
    expect(exercise.locator(".explanation")).to_be_visible()
    expect(exercise.locator("lab-trace lab-diagnosis")).to_contain_text("never reached the worker")


def test_nothing_runs_before_something_was_predicted(page: Page, lab: LabProcesses) -> None:
    open_lesson(page, lab, "/lesson/experiments")
    page.locator("lab-exercise[name=a]").get_by_role("button").click()
    expect(page.locator("lab-exercise[name=a] lab-running li")).to_have_count(0)


@pytest.mark.long
def test_a_run_that_cannot_be_is_explained_and_can_be_mended(page: Page, lab: LabProcesses) -> None:
    lab.set_fault("api-to-worker", "slow", ms=5)
    open_lesson(page, lab, "/lesson/experiments")
    exercise = page.locator("lab-exercise[name=a]")
    for value in ("PENDING", "nothing", "connect_refused"):
        exercise.locator(f"input[value={value}]").check()
    exercise.get_by_role("button").click()
    expect(exercise).to_contain_text("something else is in force", timeout=RUN_MS)
    exercise.get_by_role("button", name="Heal all faults").click()
    expect(exercise).not_to_contain_text("something else is in force")
    assert lab.get("/api/faults")["faults"] == []


def test_a_chapter_is_marked_read_at_its_end(page: Page, lab: LabProcesses) -> None:
    open_lesson(page, lab, "/lesson/partition")
    page.locator("[data-end]").scroll_into_view_if_needed()
    expect(page.locator(".toc [data-chapter=partition]")).to_have_class("read")
    open_lesson(page, lab, "/lesson")
    expect(page.locator(".chapter-cards [data-chapter=partition]")).to_contain_text("read")


@pytest.mark.long
def test_an_answer_of_the_quiz_is_proved(page: Page, lab: LabProcesses) -> None:
    open_lesson(page, lab, "/lesson/quiz")
    question = page.locator("lab-question[name=pending]")
    question.get_by_label("The one from the worker to the API").check()
    question.get_by_role("button", name="Prove it by a run").click()
    expect(question).to_contain_text("Proved by the run", timeout=RUN_MS)
    expect(question.locator(".proof-list li.ok")).to_have_count(3)
    expect(page.locator("#quiz-score")).to_have_text("1 / 3")


@pytest.mark.long
def test_a_mystery_shows_the_apis_side_alone_until_it_is_unmasked(
    page: Page, lab: LabProcesses
) -> None:
    seed = next(s for s in map(str, range(1_000)) if mystery.choose(s).name == "answer_lost")
    open_lesson(page, lab, f"/lesson/mystery?seed={seed}")
    game = page.locator("lab-mystery")
    game.get_by_role("button", name="Begin").click()
    game.get_by_role("button", name="Place an order").click()
    expect(game.locator(".orders")).to_contain_text("the event had come before")
    expect(game.locator("lab-api-side")).to_contain_text("failed to deliver job to worker")
    expect(game.locator("lab-api-side .service.hue-2")).to_have_count(0)
    expect(game).not_to_contain_text("stock reserved")
    assert_accessible(page, within="lab-mystery")
    game.get_by_label("The worker's answers are lost on their way back").check()
    game.get_by_role("button", name="Reveal").click()
    expect(game.locator("lab-verdict")).to_contain_text("3 of 3 points")
    expect(game.locator("lab-trace lab-diagnosis")).to_contain_text("only the answer was lost")
    assert lab.get("/api/faults", hidden="1")["faults"] == []
    assert_accessible(page, within="lab-mystery")


def test_another_page_says_that_a_fault_is_hidden_and_not_which(
    page: Page, lab: LabProcesses
) -> None:
    seed = next(s for s in map(str, range(1_000)) if mystery.choose(s).name == "job_cut")
    lab.session.post(f"{lab.observer_url}/api/lesson/mystery", json={"seed": seed}, timeout=30)
    open_lesson(page, lab, "/")
    expect(page.get_by_role("link", name="A mystery is on: it hides a fault.")).to_be_visible()
    expect(page.locator("lab-map .wire.cut")).to_have_count(0)
    page.get_by_role("button", name="Heal all").click()
    expect(page.locator("#fault-note")).to_have_text("No active faults")


def test_leaving_the_page_heals_the_lab(page: Page, lab: LabProcesses) -> None:
    seed = next(s for s in map(str, range(1_000)) if mystery.choose(s).name == "job_cut")
    open_lesson(page, lab, f"/lesson/mystery?seed={seed}")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("button", name="Place an order")).to_be_visible()
    assert lab.get("/api/faults")["hidden"] == 1
    open_lesson(page, lab, "/lesson")
    eventually(lambda: lab.get("/api/faults")["hidden"] == 0)


@pytest.mark.long
@pytest.mark.parametrize("path", long_but(SHORT, PATHS))
def test_axe_finds_nothing_in_the_lesson(page: Page, lab: LabProcesses, path: str) -> None:
    open_lesson(page, lab, path)
    assert_accessible(page)


@pytest.mark.long
def test_axe_finds_nothing_after_a_run_in_japanese(japanese: Page, lab: LabProcesses) -> None:
    open_lesson(japanese, lab, "/lesson/experiments")
    predict(japanese, "b", "PENDING", "reserved", "delivered")
    expect(japanese.locator("lab-exercise[name=b] .score")).to_have_text(
        "3問中3問が予想どおりでした。"
    )
    expect(japanese.locator("lab-exercise[name=b] lab-diagnosis")).to_contain_text("PENDING：")
    assert_accessible(japanese, within="lab-exercise[name=b]")


@pytest.mark.long
@pytest.mark.parametrize("paths", [SHORT, long(PATHS)], ids=len)
def test_no_sentence_is_left_in_english(
    japanese: Page, lab: LabProcesses, paths: list[str]
) -> None:
    lab.set_fault("api-to-worker", "response_lost")
    placed = lab.place_order().json()
    lab.heal_all()
    left: dict[str, list[str]] = {}
    drawn_last = {
        "/": "lab-experiments .group button",
        f"/orders/{placed['orderId']}": "lab-diagnosis .headline",
        "/traces": "lab-traces tbody tr",
        **dict.fromkeys(paths, "main h1"),
    }
    for path, selector in drawn_last.items():
        open_lesson(japanese, lab, path)
        expect(japanese.locator(selector).first).to_be_visible()
        found = LATIN_SENTENCE.findall(japanese.evaluate(_READABLE))
        if found:
            left[path] = found
    assert left == {}


@pytest.mark.parametrize("paths", [SHORT, long(PATHS)], ids=len)
def test_the_lesson_needs_no_scrolling_sideways(
    japanese: Page, lab: LabProcesses, paths: list[str]
) -> None:
    japanese.set_viewport_size({"width": 390, "height": 844})
    widths: dict[str, int] = {}
    for path in paths:
        open_lesson(japanese, lab, path)
        widths[path] = japanese.evaluate("document.documentElement.scrollWidth")
    assert widths == dict.fromkeys(paths, 390)


def test_a_prompt_can_be_made_of_an_order_however_many_other_traces_came(
    page: Page, lab: LabProcesses
) -> None:
    order_id = lab.place_order().json()["orderId"]
    for _ in range(25):
        send(lab, 1)
    open_lesson(page, lab, "/lesson/logging")
    which = page.get_by_label("Which order")
    expect(which.locator("option").filter(has_text=order_id[:8])).to_have_count(1)
    expect(page.get_by_label("The prompt")).not_to_have_value("")
