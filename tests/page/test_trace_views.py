"""What the views of a trace say at a glance: who waited, who went on alone, what never happened."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from benchmarks.viewing.traces import send
from tests.page.bench import open_trace, trace_with
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.timeout(120)]

# Pairs of a label and what it covers: another label, a lane's line, the name of a lane, an arrow.
_COVERED = """() => {
  const picture = document.querySelector("lab-messages .picture");
  const all = (selector) => [...picture.querySelectorAll(selector)];
  const box = (element) => element.getBoundingClientRect();
  const apart = (a, b) =>
    a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
  const labels = all(".label");
  const found = [];
  labels.forEach((label, at) => {
    const inner = box(label);
    for (const other of [...labels.slice(at + 1), ...all(".lane > *"), ...all(".time-of")]) {
      if (!apart(inner, box(other))) found.push([label.textContent, other.textContent || "lane"]);
    }
    for (const line of all(".message .line")) {
      const matrix = line.getScreenCTM();
      for (let part = 0; part <= 60; part++) {
        const point = line.getPointAtLength((line.getTotalLength() * part) / 60);
        const { x, y } = point.matrixTransform(matrix);
        if (x > inner.left && x < inner.right && y > inner.top + 3 && y < inner.bottom - 3) {
          found.push([label.textContent, "arrow"]);
          break;
        }
      }
    }
  });
  return { found, labels: labels.length };
}"""


@pytest.fixture
def page(tab: Page) -> Page:
    """The tab: each test opens its own page in it."""
    return tab


def top_of(row: Locator) -> float:
    """Where a row is, in pixels."""
    # One that is drawn anew just then has no box.
    eventually(lambda: row.bounding_box() is not None)
    return float(row.evaluate("row => row.getBoundingClientRect().top"))


def test_the_timeline_shows_who_gave_up_who_went_on_and_why(slow: Page) -> None:
    rows = slow.locator("lab-waterfall .span")
    call = rows.filter(has_text="POST → worker")
    expect(call).to_have_class(re.compile("failed"))
    expect(call.locator(".endcap, .what")).to_have_count(2)
    served = rows.filter(has=slow.locator(".service.hue-2")).filter(has_text="POST /jobs/")
    expect(served.locator(".fill.alone")).to_have_count(1)
    expect(served.locator(".tag")).to_have_text(
        ["API gave up", re.compile(r"^outlives its caller by 1\.\d\d s$")]
    )
    head = slow.locator("lab-waterfall .time-head")
    expect(head).to_contain_text("of silence")
    bands = slow.locator("lab-waterfall .silence-band")
    assert head.locator(".fold-end").count() == 2 * bands.count() > 0
    # The fault is healed by now, and lies over the time in which it was in force.
    expect(head.locator(".fault")).to_have_text("worker: slow 2 s")
    expect(head.locator(".fault-strip")).to_have_count(1)


def test_a_name_and_its_bar_stand_in_one_line(slow: Page) -> None:
    middles = slow.evaluate("""() => {
      const row = document.querySelectorAll("lab-waterfall .span")[1];
      return [".name", ".fill", ".took"].map((part) => {
        const { top, bottom } = row.querySelector(part).getBoundingClientRect();
        return (top + bottom) / 2;
      });
    }""")
    assert max(middles) - min(middles) <= 1.5


def test_the_time_under_the_pointer_shows_on_a_timeline_just_opened(slow: Page) -> None:
    slow.locator("lab-waterfall .span .lane").first.hover()
    expect(slow.locator("lab-waterfall .cursor-time")).to_have_text(re.compile(r"\d (ms|s)$"))
    expect(slow.locator("lab-waterfall .over .cursor")).to_be_visible()


def test_what_never_happened_has_a_row_of_its_own(page: Page, lab: LabProcesses) -> None:
    lab.set_fault("api-to-worker", "cut")
    order_id = lab.place_order().json()["orderId"]
    lab.heal_all()
    open_trace(page, lab, eventually(lambda: trace_with(lab, order_id, spans=4)))
    row = page.get_by_role("row", name="worker has no record of this call")
    expect(row).to_contain_text("nothing")
    page.locator("lab-waterfall .span").first.focus()
    page.keyboard.press("End")
    expect(row).to_be_focused()
    # One side alone knows nothing of what another has heard.
    page.get_by_role("button", name="API only").click()
    expect(page.locator("lab-trace .hidden-records")).to_contain_text("hidden")
    expect(row).to_have_count(0)


def test_a_late_record_does_not_move_what_is_read(page: Page, lab: LabProcesses) -> None:
    trace_id = send(lab, 300)
    page.goto(f"{lab.observer_url}/traces/{trace_id}")
    grid = page.locator("lab-waterfall [role=treegrid]")
    expect(grid).to_have_attribute("aria-rowcount", "301")
    scroller = page.locator("lab-waterfall .scroller")
    scroller.evaluate("scroller => { scroller.scrollTop = 100 * 28 }")
    read = page.locator("lab-waterfall [aria-rowindex='108']")
    expect(page.locator("lab-diagnosis .headline")).not_to_be_empty()
    expect(read).to_be_visible()
    span_id = read.get_attribute("data-span")
    before = top_of(read)
    root = lab.get(f"/api/traces/{trace_id}")["spans"][0]
    late = {
        "traceId": trace_id,
        "spanId": "1a7e" * 4,
        "parentSpanId": root["spanId"],
        "name": "late",
        "kind": 1,
        "startTimeUnixNano": root["startTimeUnixNano"],
        "endTimeUnixNano": root["endTimeUnixNano"],
    }
    attributes = [{"key": "service.name", "value": {"stringValue": "gateway"}}]
    resource_spans = [{"resource": {"attributes": attributes}, "scopeSpans": [{"spans": [late]}]}]
    url = f"{lab.observer_url}/v1/traces"
    lab.session.post(url, json={"resourceSpans": resource_spans}, timeout=10).raise_for_status()
    expect(grid).to_have_attribute("aria-rowcount", "302")
    row = page.locator(f"lab-waterfall [data-span='{span_id}']")
    expect(row).to_have_attribute("aria-rowindex", "109")
    assert top_of(row) == pytest.approx(before, abs=1)


@pytest.mark.parametrize("width", [1440, 390])
def test_in_messages_nothing_covers_anything(slow: Page, width: int) -> None:
    slow.set_viewport_size({"width": width, "height": 844})
    slow.keyboard.press("2")
    expect(slow.locator("lab-messages .picture .label").first).to_be_visible()
    measured = slow.evaluate(_COVERED)
    assert measured["found"] == []
    assert measured["labels"] >= 8
    expect(slow.locator("lab-messages .ends li")).to_contain_text(
        ["arrived", "refused", "reset", "lost", "given up"]
    )
    expect(slow.locator("lab-messages .picture .message.given-up")).to_have_count(1)
    assert slow.evaluate("document.documentElement.scrollWidth") <= width
    panel = slow.locator("lab-trace .tabpanel")
    assert panel.evaluate("panel => panel.scrollWidth <= panel.clientWidth")


def test_a_message_lights_up_its_row_and_its_log_lines(slow: Page) -> None:
    # What is drawn anew once the evidence has come has no place before.
    expect(slow.locator("lab-diagnosis .headline")).to_be_visible()
    slow.keyboard.press("2")
    box = eventually(slow.locator("lab-messages .message.request").nth(1).bounding_box)
    slow.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(slow.locator("lab-messages .message.selected")).to_have_count(1)
    slow.keyboard.press("1")
    lit = slow.locator("lab-waterfall .span.open")
    expect(lit).to_contain_text("POST → worker")
    slow.keyboard.press("2")
    expect(slow.locator("lab-messages .message.selected")).to_have_count(1)


def test_each_state_of_the_two_truths_says_its_name(slow: Page) -> None:
    slow.keyboard.press("3")
    lanes = slow.locator("lab-truths .lanes")
    for name in ("no order", "PENDING", "CONFIRMED", "nothing", "accepted", "reserved"):
        expect(lanes.get_by_text(name, exact=True)).to_be_visible()
    expect(slow.locator("lab-truths .silence-band")).not_to_have_count(0)
    expect(lanes).to_contain_text("differ from 2.")


def test_evidence_is_told_by_side(slow: Page) -> None:
    slow.keyboard.press("5")
    table = slow.locator("lab-checklist table")
    expect(table.locator("thead th")).to_have_text(["Field", "API", "Worker"])
    row = table.get_by_role("row").filter(has_text="errorKind")
    expect(row.locator("td").first).to_contain_text("read_timeout")
    expect(row.locator("td").last).to_contain_text("no call failed")
    expect(slow.locator("lab-checklist .count")).to_have_text(re.compile(r"^(\d+) of \1 found"))
