"""Two traces beside each other: any two, of any size, each step leading to both of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from benchmarks.viewing.traces import send
from tests.page.axe import assert_accessible
from tests.page.odd_traces import MS, OddTrace
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.long, pytest.mark.timeout(120)]

ERROR: dict[str, Any] = {"status": {"code": 2}}


def calm() -> OddTrace:
    """A checkout: two calls to the stock, one payment."""
    made = OddTrace("calm")
    made.add(1, took=100 * MS, span_name="checkout calm", kind=2)
    made.add(2, 1, at=10 * MS, took=5 * MS, span_name="look", service="stock")
    made.add(3, 1, at=20 * MS, took=6 * MS, span_name="look", service="stock")
    made.add(4, 1, at=30 * MS, took=20 * MS, span_name="pay", service="bank")
    made.add(5, 1, at=60 * MS, took=1 * MS, span_name="thank", service="mail")
    return made


def troubled() -> OddTrace:
    """The same, in which the payment was tried three times, failed, and took long."""
    made = OddTrace("troubled")
    made.add(1, took=900 * MS, span_name="checkout calm", kind=2)
    made.add(2, 1, at=10 * MS, took=5 * MS, span_name="look", service="stock")
    made.add(3, 1, at=20 * MS, took=6 * MS, span_name="look", service="stock")
    for number, error in ((4, ERROR), (5, {}), (6, {})):
        at = 200 * MS * (number - 3)
        made.add(number, 1, at=at, took=90 * MS, span_name="pay", service="bank", **error)
    made.add(7, 1, at=890 * MS, took=1 * MS, span_name="apologise", service="mail")
    return made


def imported(lab: LabProcesses, trace: OddTrace) -> str:
    for _signal, body in trace.bodies():
        response = lab.session.post(
            f"{lab.observer_url}/api/import",
            data=body,
            headers={"Content-Type": "application/json"},
            timeout=20,
        )
        response.raise_for_status()
    return trace.trace_id


@pytest.fixture(scope="module")
def two(shared_lab: LabProcesses) -> tuple[str, str]:
    """Two imported traces of a system that the lab does not know."""
    return imported(shared_lab, calm()), imported(shared_lab, troubled())


@pytest.fixture
def compared(tab: Page, lab: LabProcesses, two: tuple[str, str]) -> Page:
    first, second = two
    tab.goto(f"{lab.observer_url}/compare?a={first}&b={second}")
    expect(tab.locator("#connection")).to_have_text("Live")
    expect(row(tab, "pay")).to_be_visible()
    return tab


def rows(page: Page) -> Locator:
    return page.locator("lab-compare .step-row")


def row(page: Page, name: str) -> Locator:
    return rows(page).filter(has_text=name)


def names(page: Page) -> list[str]:
    return rows(page).locator(".step > .name").all_inner_texts()


def test_each_step_says_what_differs_and_what_only_one_has(compared: Page) -> None:
    assert names(compared) == ["checkout calm", "look", "pay", "apologise", "thank"]
    pay = row(compared, "pay")
    expect(pay.locator(".differences")).to_have_text("different failure2 calls moreslower")
    expect(pay.locator(".change.total")).to_have_text("+250 ms")
    expect(pay.locator(".side-cell").nth(0)).to_have_text("20 ms")
    expect(pay.locator(".side-cell").nth(1)).to_have_text("270 ms× 31 failed")
    expect(row(compared, "thank").locator(".differences")).to_have_text("only in the first")
    expect(row(compared, "apologise").locator(".differences")).to_have_text("only in the second")
    expect(row(compared, "look").locator(".differences")).to_be_empty()
    expect(row(compared, "checkout").locator(".change.self")).to_have_text("+550 ms")
    said = compared.locator("lab-compare .said")
    expect(said).to_have_text("4 steps differ. The second took 800 ms longer.")
    sides = compared.locator("lab-compare section.side")
    expect(sides.nth(0)).to_contain_text("checkout calm")
    expect(sides.nth(1)).to_contain_text("900 ms")
    assert_accessible(compared)


def test_by_the_pointer_a_step_leads_to_its_spans_in_each_trace(
    compared: Page, two: tuple[str, str]
) -> None:
    row(compared, "pay").locator(".side-cell a").nth(0).click()
    expect(compared).to_have_url(re.compile(f"/traces/{two[0]}"))
    opened = compared.locator("lab-waterfall .span.open")
    expect(opened).to_contain_text("pay")
    compared.go_back()
    row(compared, "pay").locator(".side-cell a").nth(1).click()
    expect(compared).to_have_url(re.compile(f"/traces/{two[1]}"))
    spans = compared.locator("lab-waterfall .span")
    expect(spans).to_have_count(3)
    expect(spans.filter(has_text="pay")).to_have_count(3)
    # What is found stands in the address, and is found again.
    expect(compared).to_have_url(re.compile(r"find=path"))
    compared.reload()
    expect(compared.locator("lab-waterfall .span")).to_have_count(3)
    compared.get_by_role("button", name="Find nothing").click()
    expect(compared.locator("lab-waterfall .span")).to_have_count(7)
    expect(compared).not_to_have_url(re.compile("find="))


def test_by_keyboard_rows_are_gone_through_and_lead_to_both(
    compared: Page, two: tuple[str, str]
) -> None:
    focused = compared.locator("lab-compare .step-row:focus")
    compared.keyboard.press("j")
    expect(focused).to_contain_text("checkout calm")
    compared.keyboard.press("ArrowDown")
    compared.keyboard.press("j")
    expect(focused).to_contain_text("pay")
    compared.keyboard.press("End")
    expect(focused).to_contain_text("thank")
    compared.keyboard.press("ArrowUp")
    expect(focused).to_contain_text("apologise")
    # It is in one of them alone.
    compared.keyboard.press("1")
    expect(focused).to_contain_text("apologise")
    compared.keyboard.press("2")
    expect(compared).to_have_url(re.compile(f"/traces/{two[1]}"))
    expect(compared.locator("lab-waterfall .span.open")).to_contain_text("apologise")
    compared.go_back()
    expect(row(compared, "pay")).to_be_visible()
    compared.keyboard.press("j")
    compared.keyboard.press("Tab")
    compared.keyboard.press("Enter")
    expect(compared).to_have_url(re.compile(f"/traces/{two[0]}"))


def test_differences_alone_in_any_order_and_what_is_looked_for(compared: Page) -> None:
    compared.keyboard.press("d")
    expect(row(compared, "look")).to_have_count(0)
    assert names(compared) == ["checkout calm", "pay", "apologise", "thank"]
    compared.get_by_label("Order").select_option("By the difference in calls")
    assert names(compared)[0] == "pay"
    compared.get_by_label("Order").select_option("By the difference in self time")
    assert names(compared)[:2] == ["checkout calm", "pay"]
    compared.keyboard.press("/")
    compared.keyboard.type("bank")
    expect(rows(compared)).to_have_count(1)
    expect(compared).to_have_url(re.compile("only=differences.*order=self|order=self.*only="))
    compared.reload()
    expect(rows(compared)).to_have_count(1)
    compared.get_by_label("Find a step").fill("nowhere")
    expect(compared.locator("lab-compare .none")).to_have_text("No step matches.")
    compared.get_by_label("Find a step").fill("")
    compared.get_by_label("Differences only").uncheck()
    expect(rows(compared)).to_have_count(5)


def test_from_the_list_one_or_two_are_compared(
    tab: Page, lab: LabProcesses, two: tuple[str, str]
) -> None:
    tab.goto(f"{lab.observer_url}/traces?q=checkout+calm")
    listed = tab.locator("lab-traces tbody tr")
    expect(listed).to_have_count(2)
    listed.nth(0).get_by_role("checkbox").check()
    expect(tab.get_by_role("button", name="Compare with another trace")).to_be_enabled()
    listed.nth(1).get_by_role("checkbox").check()
    tab.get_by_role("button", name="Compare the two").click()
    expect(row(tab, "pay").locator(".differences")).to_contain_text("different failure")
    swap = tab.get_by_role("link", name="The other way round")
    before = names(tab)
    swap.click()
    expect(tab.locator("lab-compare .said")).to_contain_text("4 steps differ.")
    assert names(tab) != before


def test_from_an_open_trace_another_is_picked_by_keyboard(
    slow: Page, slow_trace: str, two: tuple[str, str]
) -> None:
    slow.get_by_role("button", name="Find, fold, clocks, export").click()
    slow.get_by_role("link", name="Compare with another trace").press("Enter")
    expect(slow).to_have_url(re.compile(f"a={slow_trace}$"))
    field = slow.get_by_role("searchbox", name="Find a trace")
    expect(field).to_be_focused()
    offered = slow.locator("lab-compare .picker a")
    expect(offered.first).to_be_visible()
    assert slow_trace not in str(
        offered.evaluate_all("all => all.map((a) => a.href.split('b=')[1])")
    )
    assert_accessible(slow)
    # An address that was copied holds the id.
    slow.keyboard.insert_text(f"http://127.0.0.1:8000/traces/{two[0].upper()}?view=spans")
    expect(offered).to_have_count(1)
    slow.keyboard.press("ArrowDown")
    expect(offered).to_be_focused()
    slow.keyboard.press("Enter")
    # An order of the lab's own system, and a trace of another.
    expect(slow.locator("lab-compare .said")).to_contain_text("They have no step in common.")
    expect(row(slow, "pay").locator(".differences")).to_have_text("only in the second")
    expect(row(slow, "job.deliver").locator(".differences")).to_have_text("only in the first")


def test_another_trace_is_picked_by_the_pointer(compared: Page, slow_trace: str) -> None:
    compared.locator("section.side").nth(1).get_by_role("button", name="Another trace").click()
    field = compared.get_by_role("searchbox", name="Find a trace")
    expect(field).to_be_focused()
    field.fill("no such text anywhere")
    expect(compared.locator(".picker [role=status]:visible")).to_have_text("No trace matches.")
    field.fill(slow_trace)
    compared.locator(f".picker a[href$='{slow_trace}']:visible").click()
    expect(compared).to_have_url(re.compile(f"b={slow_trace}"))
    expect(compared.locator("lab-compare .said")).to_contain_text("no step in common")


def test_a_trace_that_is_gone_is_named_and_another_is_picked(
    tab: Page, lab: LabProcesses, two: tuple[str, str]
) -> None:
    gone = "f" * 32
    tab.goto(f"{lab.observer_url}/compare?a={two[0]}&b={gone}")
    alert = tab.get_by_role("alert").filter(has_text="is not stored here")
    expect(alert).to_contain_text(gone)
    expect(tab.locator("section.side").first).to_contain_text("checkout calm")
    tab.get_by_role("searchbox", name="Find a trace").fill(two[1])
    tab.locator(f".picker a[href$='{two[1]}']:visible").click()
    expect(row(tab, "pay")).to_be_visible()
    tab.goto(f"{lab.observer_url}/compare?a={gone}&b={gone[:-1]}0")
    expect(alert).to_have_count(2)
    tab.goto(f"{lab.observer_url}/compare")
    expect(tab.get_by_role("searchbox", name="Find a trace")).to_have_count(2)
    expect(tab.locator("section.side")).to_contain_text(["Which trace is it?"] * 2)


@pytest.mark.parametrize(("width", "language"), [(390, "ja"), (390, "en"), (1280, "ja")])
def test_it_fits_and_is_accessible_dark_and_in_japanese(
    compared: Page, width: int, language: str
) -> None:
    compared.emulate_media(color_scheme="dark")
    compared.set_viewport_size({"width": width, "height": 844})
    if language == "ja":
        cookie = {"name": "django_language", "value": "ja", "url": compared.url}
        compared.context.add_cookies([cookie])  # type: ignore[list-item]
    compared.reload()
    expect(row(compared, "pay")).to_be_visible()
    assert compared.evaluate("document.documentElement.scrollWidth") <= width
    for each in row(compared, "pay").locator("> *:visible").all():
        box = each.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= width
    assert_accessible(compared)


@pytest.mark.timeout(300)
def test_a_hundred_thousand_spans_against_as_many(
    tab: Page, lab: LabProcesses, record_property: Callable[[str, object], None]
) -> None:
    first, second = send(lab, 100_000), send(lab, 100_000)
    # The later one is stored after the other.
    eventually(lambda: lab.get("/api/compare", b=second)["b"]["spanCount"] == 100_000, seconds=60)
    tab.goto(f"{lab.observer_url}/compare?a={first}&b={second}")
    expect(rows(tab).first).to_be_visible(timeout=60_000)
    listed = int(tab.locator("lab-compare .grid").get_attribute("aria-rowcount") or 0)
    assert listed > 1_000
    assert rows(tab).count() < 100
    took = tab.evaluate("performance.getEntriesByType('resource')"
                        ".find((each) => each.name.includes('/api/compare')).duration")  # fmt: skip
    record_property("compare_ms", took)
    tab.keyboard.press("j")
    tab.keyboard.press("End")
    last = tab.locator(f"lab-compare .step-row[aria-rowindex='{listed}']")
    expect(last).to_be_focused()
    assert rows(tab).count() < 100
