"""A trace at any of its moments: what was so then, and what each side could know, and no more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.page.bench import place
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.long, pytest.mark.timeout(120)]


def headline(page: Page) -> Locator:
    return page.locator("lab-diagnosis .headline")


def controls(page: Page) -> Locator:
    return page.get_by_role("group", name="Time", exact=True)


def step_back_to(page: Page, text: str) -> None:
    """Step back until the headline says so."""
    for _ in range(40):
        page.keyboard.press(",")
        expect(page.locator("lab-trace .why.awaited")).to_have_count(0)
        if text in headline(page).inner_text():
            return
    pytest.fail(f"at no moment the headline is: {text}")


def drag(
    page: Page, grip: Locator, *, to_x: float | None = None, to_y: float | None = None
) -> None:
    """Drag the middle of a grip to a place of the page."""
    box = grip.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(to_x or x, to_y or y, steps=4)
    page.mouse.up()


def test_by_keys_each_view_says_what_was_so_and_could_be_known_at_that_moment(slow: Page) -> None:
    expect(headline(slow)).to_contain_text("CONFIRMED")
    rows = slow.locator("lab-waterfall .span")
    whole = rows.count()
    step_back_to(slow, "the worker has the job, and more is not known")
    # The API has given up, and the worker goes on.
    expect(rows.filter(has_text="job.deliver")).to_have_class(re.compile("failed"))
    served = rows.filter(has=slow.locator(".service.hue-2")).filter(has_text="POST /jobs/")
    expect(served.locator(".fill.open")).not_to_have_count(0)
    expect(rows.filter(has_text="order.confirm")).to_have_count(0)
    assert rows.count() < whole
    slow.keyboard.press("2")
    expect(slow.locator("lab-messages .gave-up").first).to_be_attached()
    expect(slow.locator("lab-messages .picture")).not_to_contain_text("order-events")
    slow.keyboard.press("3")
    expect(slow.locator("lab-truths")).to_contain_text("has reserved nothing yet")
    expect(slow.locator("lab-truths")).not_to_contain_text("CONFIRMED")
    slow.keyboard.press("4")
    expect(slow.locator("lab-trace-logs")).to_contain_text("failed to deliver job to worker")
    expect(slow.locator("lab-trace-logs")).not_to_contain_text("stock reserved")
    expect(slow).to_have_url(re.compile(r"at=\d{19}"))
    address = slow.url
    slow.goto(address)
    expect(headline(slow)).to_contain_text("the worker has the job, and more is not known")
    expect(slow.locator("lab-trace-logs")).not_to_contain_text("stock reserved")
    slow.keyboard.press(".")
    expect(slow).not_to_have_url(address)
    controls(slow).get_by_role("button", name="To the end").click()
    expect(slow).not_to_have_url(re.compile("at="))
    expect(headline(slow)).to_contain_text("CONFIRMED")


def test_before_anybody_gave_up_a_lost_request_looks_like_one_under_way(
    tab: Page, lab: LabProcesses
) -> None:
    lab.set_fault("api-to-worker", "request_lost")
    order_id = lab.place_order().json()["orderId"]
    lab.heal_all()
    tab.goto(f"{lab.observer_url}/orders/{order_id}")
    expect(headline(tab)).to_contain_text("PENDING")
    step_back_to(tab, "still under way")
    expect(tab.locator("lab-diagnosis .unknown")).to_contain_text("cannot be known yet")
    # The map shows the fault that is healed by now, and where the request is.
    network = tab.locator("lab-map")
    expect(network).to_contain_text("As it was at")
    expect(network.locator(".broken [data-target=api-to-worker]")).to_be_visible()
    expect(network.locator(".flights circle")).to_have_count(1)
    tab.keyboard.press("2")
    expect(tab.locator("lab-messages .picture .message.under-way")).to_have_count(1)
    controls(tab).get_by_role("button", name="To the end").click()
    expect(tab.locator("lab-messages .picture .message.under-way")).to_have_count(0)
    expect(network.locator(".broken")).to_have_count(0)
    expect(network).not_to_contain_text("As it was at")


def test_by_the_pointer_the_handle_is_dragged_in_the_timeline_and_in_messages(slow: Page) -> None:
    expect(headline(slow)).to_contain_text("CONFIRMED")
    head = slow.locator("lab-waterfall .time-head").bounding_box()
    grip = slow.locator("lab-waterfall .time-grip")
    expect(grip).to_have_class(re.compile("resting"))
    assert head is not None
    drag(slow, grip, to_x=head["x"] + head["width"] * 0.3)
    expect(slow.locator("lab-waterfall .span").filter(has_text="order.confirm")).to_have_count(0)
    expect(headline(slow)).to_contain_text("still under way", ignore_case=True)
    expect(controls(slow)).to_be_visible()
    drag(slow, grip, to_x=head["x"] + head["width"] + 20)
    expect(headline(slow)).to_contain_text("CONFIRMED")
    slow.keyboard.press("2")
    picture = slow.locator("lab-messages .picture").bounding_box()
    assert picture is not None
    drag(slow, slow.locator("lab-messages .grip"), to_y=picture["y"] + 70)
    expect(headline(slow)).to_contain_text("still under way", ignore_case=True)
    arrows = slow.locator("lab-messages .message")
    shown = arrows.count()
    drag(slow, slow.locator("lab-messages .grip"), to_y=picture["y"] + picture["height"] + 20)
    expect(headline(slow)).to_contain_text("CONFIRMED")
    assert arrows.count() > shown


def test_space_plays_it_to_the_end_and_stops_at_once(slow: Page) -> None:
    expect(headline(slow)).to_contain_text("CONFIRMED")
    speed = slow.get_by_label("Speed")
    expect(speed.locator("option")).to_have_text(["1×", "1/10×", "1/100×"])
    slow.locator("lab-waterfall .span").first.focus()
    slow.keyboard.press(" ")
    expect(controls(slow).get_by_role("button", name="Pause")).to_be_visible()
    slow.keyboard.press(" ")
    expect(controls(slow).get_by_role("button", name="Play")).to_be_visible()
    expect(slow.locator("lab-waterfall .time-grip")).not_to_have_class(re.compile("resting"))
    speed.select_option("1×")
    controls(slow).get_by_role("button", name="Play").click()
    expect(slow.locator("lab-waterfall .time-grip")).to_have_class(re.compile("resting"))
    expect(headline(slow)).to_contain_text("CONFIRMED")


_PLAYED = """async () => {
  const group = document.querySelector("lab-trace .replay");
  const button = (label) => group.querySelector(`[aria-label="${label}"]`);
  const before = performance.now();
  button("Play").click();
  await new Promise((done) => setTimeout(done, 300));
  button("Pause").click();
  return [performance.now() - before, group.querySelector("output").textContent];
}"""


def test_it_is_played_at_a_tenth_and_a_hundredth_of_the_speed(slow: Page) -> None:
    expect(headline(slow)).to_contain_text("CONFIRMED")
    # What is folded would be passed in no time.
    slow.get_by_role("button", name="Find, fold, clocks, export").click()
    slow.get_by_role("button", name="Unfold", exact=True).click()
    slow.keyboard.press("Escape")
    slow.emulate_media(reduced_motion="no-preference")
    opener = slow.get_by_role("button", name="Go through time")
    for speed, share in (("1/10×", 0.1), ("1/100×", 0.01)):
        opener.click()
        slow.get_by_label("Speed").select_option(speed)
        passed, text = slow.evaluate(_PLAYED)
        number, unit = text.split()
        played = float(number) / (1_000 if unit == "µs" else 1)
        assert 0 < played <= passed * share + 1
        opener.click()
        expect(controls(slow)).to_be_hidden()


def test_by_the_pointer_it_is_stepped_and_moved_by_its_slider(slow: Page) -> None:
    expect(headline(slow)).to_contain_text("CONFIRMED")
    slow.get_by_role("button", name="Go through time").click()
    moment = controls(slow).locator("output")
    expect(moment).to_have_text("the end")
    slow.get_by_role("button", name="To the event before").click()
    expect(moment).not_to_have_text("the end")
    # Two events may be nearer to each other than the moment is written: the address has it whole.
    expect(slow).to_have_url(re.compile(r"at=\d{19}"))
    one = slow.url
    slow.get_by_role("button", name="To the event before").click()
    expect(slow).not_to_have_url(one)
    slow.get_by_role("button", name="To the next event").click()
    expect(slow).to_have_url(one)
    text = moment.inner_text()
    slider = slow.get_by_role("slider", name="Moment that is shown")
    box = slider.bounding_box()
    assert box is not None
    slow.mouse.click(box["x"] + box["width"] * 0.1, box["y"] + box["height"] / 2)
    expect(moment).not_to_have_text(text)
    expect(slow.locator("lab-waterfall .span").filter(has_text="order.confirm")).to_have_count(0)


def test_whose_past_is_looked_at_stays_while_others_come(page: Page, lab: LabProcesses) -> None:
    first = place(page)
    page.keyboard.press(",")
    expect(page.locator("lab-waterfall .time-grip")).not_to_have_class(re.compile("resting"))
    expect(page.locator("lab-orders .pill")).to_contain_text("Pinned")
    another = lab.place_order().json()["orderId"]
    expect(page.locator("lab-orders tbody tr", has_text=another[:8])).to_have_count(1)
    expect(page.locator("lab-orders tr[aria-current]")).to_contain_text(first)
    expect(page.locator("lab-waterfall .time-grip")).not_to_have_class(re.compile("resting"))
    # The address of the order holds the moment.
    expect(page).to_have_url(re.compile(rf"/orders/{first}[^?]*\?at=\d{{19}}$"))
    page.reload()
    expect(page.locator("#connection")).to_have_text("Live", timeout=20_000)
    expect(page.locator("lab-orders tr[aria-current]")).to_contain_text(first)
    expect(page.locator("lab-waterfall .time-grip")).not_to_have_class(re.compile("resting"))
    controls(page).get_by_role("button", name="To the end").click()
    expect(page).to_have_url(re.compile(rf"/orders/{first}[^?]*$"))


def test_a_silence_reaches_no_further_than_the_handle(slow: Page) -> None:
    expect(headline(slow)).to_contain_text("CONFIRMED")
    band = slow.locator("lab-waterfall .silence-band").first
    head = slow.locator("lab-waterfall .time-head")
    box = eventually(band.bounding_box)
    grip = slow.locator("lab-waterfall .time-grip")
    drag(slow, grip, to_x=box["x"] + box["width"] / 2)
    expect(grip).not_to_have_class(re.compile("resting"))
    handle = eventually(slow.locator("lab-waterfall .time-line").bounding_box)
    part = eventually(band.bounding_box)
    assert part["x"] + part["width"] <= handle["x"] + 3
    expect(head).not_to_contain_text("of silence")
    drag(slow, grip, to_x=box["x"] - 20)
    expect(band).to_have_count(0)
    expect(slow.locator("lab-trace .trace-menu")).not_to_contain_text("nothing happened")
