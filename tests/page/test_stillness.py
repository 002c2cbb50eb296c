"""Nothing jumps, and nothing takes the reader elsewhere, whatever comes in meanwhile."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from benchmarks.at_work import WATCH, open_watched
from benchmarks.viewing.traces import send
from tests.page.bench import break_it, first_row, place
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.long, pytest.mark.timeout(120)]

_MOST_SHIFT = 0.02
# Longer than browsers excuse a shift after a press.
_LATE_MS = 700
_SHIFTED = "() => seen.shifts.reduce((sum, [, value]) => sum + value, 0)"


_MARK = """(selector) => {
  const found = [...document.querySelectorAll(selector)];
  for (const each of found) each.marked = true;
  return found.length;
}"""
_MARKED = """(selector) =>
  [...document.querySelectorAll(selector)].filter((each) => each.marked).length"""


@pytest.fixture
def watched(page: Page, lab: LabProcesses) -> Iterator[Page]:
    """The bench at 1440 x 900, whose layout shifts are noted from its first frame on."""
    page.set_viewport_size({"width": 1440, "height": 900})
    lab.place_order()
    open_watched(page, lab.observer_url)
    expect(page.locator("lab-diagnosis .headline")).to_be_visible()
    yield page
    assert page.evaluate(_SHIFTED) < _MOST_SHIFT, page.evaluate("seen")


def test_nothing_jumps_while_faults_runs_and_orders_come_and_go(
    watched: Page, lab: LabProcesses
) -> None:
    map_before = watched.locator("lab-map .box").bounding_box()
    for kind in ("Cut", "Slow"):
        break_it(watched, "api-to-worker", kind)
        place(watched)
    lab.heal_all()
    expect(watched.locator("lab-map .broken")).to_have_count(0)
    watched.get_by_role("button", name="Run: A:").click()
    expect(watched.locator("lab-experiments")).to_contain_text("as expected", timeout=40_000)
    assert watched.locator("lab-map .box").bounding_box() == map_before


def test_orders_that_are_answered_late_push_nothing_down(watched: Page, lab: LabProcesses) -> None:
    lab.set_fault("worker", "slow", ms=_LATE_MS)
    before = watched.locator("lab-orders tbody tr").count()
    watched.get_by_role("button", name="Place 10").click()
    expect(watched.locator("lab-orders tbody tr")).to_have_count(min(before + 10, 50))
    expect(watched.locator("lab-place .status")).to_contain_text("201")
    expect(first_row(watched)).to_contain_text("CONFIRMED")


def test_who_reads_an_older_order_is_left_there(page: Page, lab: LabProcesses) -> None:
    newest = [lab.place_order().json()["orderId"] for _ in range(30)][-1]
    rows = page.locator("lab-orders tbody tr")
    expect(first_row(page)).to_contain_text(newest[:8])
    expect(first_row(page)).to_contain_text("CONFIRMED")
    rows.nth(2).click()
    expect(rows.nth(2).locator("button")).to_be_focused()
    scroller = page.locator("lab-orders .scroll")
    scroller.evaluate("list => { list.scrollTop = 300 }")
    read = page.locator("lab-orders tr").filter(
        has_text=rows.nth(14).locator("button").inner_text()
    )
    before = read.bounding_box()
    order_id = lab.place_order().json()["orderId"]
    expect(first_row(page)).to_contain_text(order_id[:8])
    expect(first_row(page)).to_contain_text("CONFIRMED")
    assert read.bounding_box() == before
    expect(page.locator("lab-orders tr[aria-current] button")).to_be_focused()


def test_the_list_of_traces_leaves_its_reader_where_he_is(page: Page, lab: LabProcesses) -> None:
    for _ in range(30):
        lab.place_order()
    # All of them are stored by then, so that the list stands still.
    eventually(lambda: len(lab.get("/api/traces", limit="50")["traces"]) >= 30)
    page.goto(f"{lab.observer_url}/traces")
    links = page.locator("lab-traces tbody a")
    expect(links.nth(29)).to_be_attached()
    links.first.focus()
    scroller = page.locator("lab-traces .scroll")
    scroller.evaluate("list => { list.scrollTop = 200 }")
    first = links.first.get_attribute("data-trace") or ""
    lab.place_order()
    newer = page.get_by_role("button", name="1 newer")
    expect(newer).to_be_visible()
    expect(links.first).to_have_attribute("data-trace", first)
    assert scroller.evaluate("list => list.scrollTop") >= 200
    expect(page.locator(f"lab-traces [data-trace='{first}']")).to_be_focused()
    newer.click()
    expect(newer).to_be_hidden()
    expect(links.first).not_to_have_attribute("data-trace", first)


def test_new_traces_come_into_the_list_without_a_jump(tab: Page, lab: LabProcesses) -> None:
    lab.place_order()
    eventually(lambda: lab.get("/api/traces")["traces"])
    open_watched(tab, f"{lab.observer_url}/traces")
    links = tab.locator("lab-traces tbody a")
    expect(tab.locator("lab-distribution svg").last).to_be_visible()
    for _ in range(3):
        first = links.first.get_attribute("data-trace") or ""
        lab.place_order()
        expect(links.first).not_to_have_attribute("data-trace", first)
    assert tab.evaluate(_SHIFTED) < _MOST_SHIFT, tab.evaluate("seen")


def send_lines(lab: LabProcesses, name: str, count: int) -> None:
    """Send so many log lines at once, as of now."""
    attributes = [{"key": "service.name", "value": {"stringValue": "zone"}}]
    records = [
        {
            "timeUnixNano": str(time.time_ns() + number),
            "severityNumber": 9,
            "body": {"stringValue": f"{name} {number}"},
        }
        for number in range(count)
    ]
    scopes = [{"logRecords": records}]
    body = {"resourceLogs": [{"resource": {"attributes": attributes}, "scopeLogs": scopes}]}
    url = f"{lab.observer_url}/v1/logs"
    lab.session.post(url, json=body, timeout=10).raise_for_status()


def test_the_log_lets_go_of_its_oldest_lines_and_moves_none(
    watched: Page, lab: LabProcesses
) -> None:
    watched.get_by_role("tab", name="Everything").click()
    lines = watched.locator("lab-stream li")
    send_lines(lab, "first", 450)
    expect(lines.last).to_contain_text("first 449")
    send_lines(lab, "second", 60)
    expect(lines.last).to_contain_text("second 59")
    assert lines.count() <= 500
    assert watched.evaluate(_SHIFTED) < _MOST_SHIFT
    # Who reads older lines keeps them, also when those above are let go of.
    scroller = watched.locator("lab-stream ol")
    read = lines.filter(has_text="first 400")
    read.scroll_into_view_if_needed()
    expect(scroller).not_to_have_attribute("style", re.compile("--room"))
    expect(read).to_be_in_viewport()
    before = read.bounding_box()
    for name in ("third", "fourth"):
        send_lines(lab, name, 60)
        expect(lines.last).to_contain_text(f"{name} 59")
    assert read.bounding_box() == before
    assert watched.evaluate(_SHIFTED) < _MOST_SHIFT
    # No empty room is left above.
    lines.first.scroll_into_view_if_needed()
    expect(lines.first).to_be_in_viewport()


def add_span(lab: LabProcesses, trace_id: str, **fields: Any) -> None:
    """Send one more span of a trace, as long as its first one."""
    first = lab.get(f"/api/traces/{trace_id}")["spans"][0]
    times = {name: first[name] for name in ("startTimeUnixNano", "endTimeUnixNano")}
    ids = {"traceId": trace_id, "spanId": "1a7e" * 4}
    span = {**ids, "name": "late", "kind": 1, **times, **fields}
    attributes = [{"key": "service.name", "value": {"stringValue": "zone"}}]
    resource_spans = [{"resource": {"attributes": attributes}, "scopeSpans": [{"spans": [span]}]}]
    url = f"{lab.observer_url}/v1/traces"
    lab.session.post(url, json={"resourceSpans": resource_spans}, timeout=10).raise_for_status()


def test_rows_stay_in_place_when_others_come(page: Page, lab: LabProcesses) -> None:
    place(page)
    kept = page.evaluate(_MARK, "lab-orders tbody tr")
    order_id = lab.place_order().json()["orderId"]
    expect(first_row(page)).to_contain_text(order_id[:8])
    assert page.evaluate(_MARKED, "lab-orders tbody tr") == min(kept, 49)


def test_rows_of_a_trace_stay_in_place_when_a_span_comes(page: Page, lab: LabProcesses) -> None:
    order_id = lab.place_order().json()["orderId"]
    eventually(lambda: lab.get("/api/traces", orderId=order_id)["traces"])
    trace_id = lab.get("/api/traces", orderId=order_id)["traces"][0]["traceId"]
    page.goto(f"{lab.observer_url}/traces/{trace_id}")
    expect(page.get_by_role("row", name="api, order.confirm")).to_be_visible()
    expect(page.locator("lab-diagnosis .headline")).to_be_visible()
    kept = page.evaluate(_MARK, "lab-waterfall .span")
    add_span(lab, trace_id)
    expect(page.get_by_role("row", name="zone, late")).to_be_visible()
    assert page.evaluate(_MARKED, "lab-waterfall .span") == kept


def test_the_small_map_takes_the_colours_of_another_theme(page: Page, lab: LabProcesses) -> None:
    trace_id = send(lab, 100)
    # What failed has the theme's own red; services have one colour in both.
    add_span(lab, trace_id, status={"code": 2})
    page.goto(f"{lab.observer_url}/traces/{trace_id}")
    canvas = page.locator("lab-minimap canvas")
    expect(page.locator("lab-diagnosis .headline")).to_be_visible()

    def drawn() -> str:
        return str(canvas.evaluate("canvas => canvas.toDataURL()"))

    light = drawn()
    page.emulate_media(color_scheme="dark")
    eventually(lambda: drawn() != light)
    dark = drawn()
    # From the system's theme to the light one.
    page.get_by_role("button", name="Theme:").click()
    eventually(lambda: drawn() != dark)


def test_the_watch_sees_what_jumps(page: Page) -> None:
    page.add_init_script(WATCH)
    page.reload()
    expect(page.locator("lab-orders")).to_be_visible()
    page.evaluate("document.querySelector('.bench').style.paddingTop = '200px'")
    eventually(lambda: page.evaluate(_SHIFTED) > _MOST_SHIFT)
