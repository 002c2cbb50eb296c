"""One trace in a real browser: views that share time, cursor and selection, and odd spans."""

from __future__ import annotations

import re
import time
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from benchmarks.viewing.traces import send
from tests.page.bench import open_trace, trace_with
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.timeout(120)]


@pytest.fixture
def page(tab: Page) -> Page:
    """The tab: each test opens its own page in it."""
    return tab


def open_menu(page: Page) -> None:
    """Open what folds, finds, moves clocks and exports."""
    page.get_by_role("button", name="Find, fold, clocks, export").click()


def test_long_silences_are_folded_and_can_be_unfolded(slow: Page) -> None:
    open_menu(slow)
    breaks = slow.locator("lab-waterfall .silence-band")
    expect(breaks).not_to_have_count(0)
    slow.get_by_role("button", name="Unfold", exact=True).click()
    expect(breaks).to_have_count(0)
    slow.get_by_role("button", name="Fold the silence").click()
    expect(breaks).not_to_have_count(0)


def test_a_span_grows_while_it_runs_and_then_has_its_length(page: Page, lab: LabProcesses) -> None:
    lab.set_fault("worker", "slow", ms=6_000)
    order_id = lab.place_order().json()["orderId"]
    lab.heal_all()
    trace_id = eventually(lambda: trace_with(lab, order_id, spans=1))
    open_trace(page, lab, trace_id)
    served = page.locator("lab-waterfall .span").filter(has=page.locator(".service.hue-2"))
    took = served.filter(has_text="jobs/reserve-stock").locator(".took")
    expect(took).to_have_text(re.compile(r" …$"), timeout=10_000)
    early = took.inner_text()
    expect(took).not_to_have_text(early)
    expect(took).to_have_text(re.compile(r"^6\.\d\d s$"), timeout=20_000)


def test_the_keyboard_moves_folds_opens_and_zooms(slow: Page) -> None:
    rows = slow.locator("lab-waterfall .span")
    before = rows.count()
    rows.first.focus()
    slow.keyboard.press("j")
    slow.keyboard.press("ArrowLeft")
    expect(rows.nth(1)).to_have_attribute("aria-expanded", "false")
    assert rows.count() < before
    slow.keyboard.press("ArrowRight")
    expect(rows).to_have_count(before)
    slow.keyboard.press("Enter")
    expect(slow.locator("lab-waterfall .details")).to_contain_text("self time")
    expect(slow.locator("lab-waterfall .details")).to_contain_text("request.id")
    expect(slow).to_have_url(re.compile(r"\?span=[0-9a-f]{16}$"))
    slow.keyboard.press("z")
    expect(slow.get_by_role("button", name="Whole trace")).to_be_visible()
    slow.keyboard.press("Escape")
    expect(slow.get_by_role("button", name="Whole trace")).to_have_count(0)


def test_the_selection_and_the_view_stand_in_the_address(slow: Page) -> None:
    slow.locator("lab-waterfall .span").filter(has_text="stock.reserve").click()
    slow.keyboard.press("4")
    expect(slow).to_have_url(re.compile(r"view=logs&span="))
    slow.get_by_role("button", name="Worker only").click()
    expect(slow).to_have_url(re.compile(r"perspective=worker"))
    slow.reload()
    expect(slow.get_by_role("tab", name="Logs")).to_have_attribute("aria-selected", "true")
    expect(slow.get_by_role("button", name="Worker only")).to_have_attribute("aria-pressed", "true")


def test_a_cursor_is_shared_by_the_views(slow: Page) -> None:
    slow.get_by_role("tab", name="Two truths").click()
    expect(slow.locator("lab-truths li[aria-current]")).to_contain_text("told that the stock")
    slow.locator("lab-truths input").focus()
    slow.keyboard.press("ArrowLeft")
    current = slow.locator("lab-truths li[aria-current]")
    expect(current).to_contain_text("has reserved the stock")
    expect(current).to_contain_text("waits for the worker")
    slow.get_by_role("tab", name="Timeline").click()
    expect(slow.locator("lab-waterfall .over .cursor")).to_be_visible()
    expect(slow.locator("lab-trace .cursor-time")).to_have_text(re.compile(r"^2\.\d{3} s$"))


def test_a_side_alone_hides_the_others_until_they_are_revealed(slow: Page) -> None:
    everything = slow.locator("lab-waterfall .span").count()
    slow.get_by_role("button", name="API only").click()
    rows = slow.locator("lab-waterfall .span")
    expect(rows.filter(has=slow.locator(".service.hue-2"))).to_have_count(0)
    slow.get_by_role("button", name="Show all records").click()
    expect(rows).to_have_count(everything)


def test_a_clock_is_moved_by_whoever_looks_and_that_is_said(slow: Page) -> None:
    open_menu(slow)
    slow.get_by_text("Clocks", exact=True).click()
    field = slow.get_by_role("spinbutton", name="worker")
    field.fill("-400")
    field.blur()
    notice = slow.locator("lab-clocks .notice")
    expect(notice).to_contain_text("worker is shown with its clock moved by −400.0 ms")
    slow.get_by_role("button", name="Show as it was written").click()
    expect(notice).to_be_hidden()


def test_a_clock_that_cannot_be_right_is_said(page: Page, lab: LabProcesses) -> None:
    trace_id = skewed(lab)
    page.goto(f"{lab.observer_url}/traces/{trace_id}")
    notice = page.locator("lab-clocks .notice")
    expect(notice).to_contain_text("an effect stands before its cause")
    notice.get_by_role("button", name=re.compile("^Move ")).click()
    expect(notice).to_contain_text("is shown with its clock moved by +60.0 ms")


def skewed(lab: LabProcesses) -> str:
    """Send a trace in which a server's span starts 60 ms before its client's."""
    now = time.time_ns()
    trace_id = f"{now:032x}"

    def of(service: str, span_id: str, parent: str, start: int) -> dict[str, object]:
        resource = {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]}
        span = {
            "traceId": trace_id,
            "spanId": span_id,
            "parentSpanId": parent,
            "name": service,
            "kind": 2,
            "startTimeUnixNano": str(start),
            "endTimeUnixNano": str(start + 50_000_000),
        }
        return {"resource": resource, "scopeSpans": [{"spans": [span]}]}

    spans = [
        of("front", "a" * 16, "", now),
        of("back", "b" * 16, "a" * 16, now - 60_000_000),
    ]
    url = f"{lab.observer_url}/v1/traces"
    lab.session.post(url, json={"resourceSpans": spans}, timeout=10).raise_for_status()
    return trace_id


def test_of_a_large_trace_only_what_is_in_sight_is_in_the_document(
    page: Page, lab: LabProcesses
) -> None:
    size = 5_000
    trace_id = send(lab, size)
    page.goto(f"{lab.observer_url}/traces/{trace_id}")
    grid = page.locator("lab-waterfall [role=treegrid]")
    expect(grid).to_have_attribute("aria-rowcount", str(size + 1))
    rows = page.locator("lab-waterfall .span")
    assert rows.count() < 100
    rows.first.focus()
    page.keyboard.press("End")
    expect(page.locator("lab-waterfall .span:focus")).to_have_attribute(
        "aria-rowindex", str(size + 1)
    )
    assert rows.count() < 100
    page.keyboard.press("/")
    page.get_by_label("Find a span").fill('"operation 7"')
    page.keyboard.press("Enter")
    expect(page.locator("lab-trace .find output")).to_have_text(re.compile(r"\d+ / 125"))


_ROOT, _BACK, _SINCE, _CALL, _INNER = (f"{number:016x}" for number in range(1, 6))


def export(*spans: dict[str, Any], service: str) -> dict[str, Any]:
    """Spans of one service, with times in milliseconds from a second ago on."""
    base = time.time_ns() - 1_000_000_000

    def at(ms: float | None) -> str:
        return "0" if ms is None else str(base + round(ms * 1_000_000))

    attributes = [{"key": "service.name", "value": {"stringValue": service}}]
    return {
        "resource": {"attributes": attributes},
        "scopeSpans": [
            {
                "spans": [
                    {
                        **span,
                        "startTimeUnixNano": at(span["start"]),
                        "endTimeUnixNano": at(span["end"]),
                    }
                    for span in spans
                ]
            }
        ],
    }


@pytest.fixture
def odd(page: Page, lab: LabProcesses) -> Page:
    """The page of a trace with everything odd."""
    trace_id = uuid.uuid4().hex

    def span(span_id: str, parent: str, name: str, **times: float | None) -> dict[str, Any]:
        kind = {"call": 3, "serve": 2}.get(name, 1)
        return {
            "traceId": trace_id,
            "spanId": span_id,
            "parentSpanId": parent,
            "name": name,
            "kind": kind,
            **times,
        }

    body = {
        "resourceSpans": [
            export(
                span(_ROOT, _ROOT, "checkout", start=0, end=100),
                span(_BACK, _ROOT, "backwards", start=60, end=40),
                span(_SINCE, _ROOT, "since when", start=None, end=80),
                span(_CALL, _ROOT, "call", start=10, end=90),
                service="shop",
            ),
            export(
                span(_CALL, _ROOT, "serve", start=20, end=70),
                span(_INNER, _CALL, "charge", start=30, end=50),
                service="bank",
            ),
        ]
    }
    answer = lab.session.post(f"{lab.observer_url}/v1/traces", json=body, timeout=10)
    assert answer.json() == {}
    page.goto(f"{lab.observer_url}/traces/{trace_id}")
    expect(page.locator("lab-waterfall .span")).to_have_count(6)
    return page


def test_each_is_drawn_once_and_said_in_words(odd: Page) -> None:
    rows = odd.locator("lab-waterfall .span")
    assert [
        (row.get_attribute("aria-level"), row.locator(".name").inner_text()) for row in rows.all()
    ] == [
        ("1", "checkout"),
        ("2", "call → bank"),
        ("3", "serve"),
        ("4", "charge"),
        ("2", "backwards"),
        ("2", "since when"),
    ]
    expect(rows.nth(4).locator(".took")).to_have_text("end < start")
    expect(rows.nth(5).locator(".took")).to_have_text("no start")
    notes = odd.locator("lab-waterfall .notes")
    expect(notes).to_contain_text("shop · checkout: names itself as its parent")
    expect(notes).to_contain_text("shop · call, bank · serve: another span has the same span id")
    expect(notes).not_to_contain_text("not among the records")
    expect(odd.locator("lab-diagnosis")).to_contain_text("have one span id")


def test_each_of_two_spans_of_one_id_opens_its_own_details(odd: Page) -> None:
    rows = odd.locator("lab-waterfall .span")
    details = odd.locator("lab-waterfall .details")
    for place, service in ((1, "shop"), (2, "bank")):
        rows.nth(place).click()
        expect(rows.nth(place)).to_have_attribute("aria-selected", "true")
        expect(odd.locator("lab-waterfall .span.open")).to_have_count(1)
        expect(details).to_contain_text({"shop": "CLIENT", "bank": "SERVER"}[service])
        rows.nth(place).click()


def test_services_of_any_name_have_lanes_sides_and_words_of_their_own(
    page: Page, lab: LabProcesses
) -> None:
    trace_id = uuid.uuid4().hex

    def span(span_id: str, parent: str, name: str, kind: int, **more: Any) -> dict[str, Any]:
        ids = {"traceId": trace_id, "spanId": span_id, "parentSpanId": parent}
        written = {key.replace("__", "."): value for key, value in more.items() if "__" in key}
        attributes = [{"key": k, "value": {"stringValue": v}} for k, v in written.items()]
        times = {"start": more["start"], "end": more["end"]}
        return {**ids, "name": name, "kind": kind, "attributes": attributes, **times}

    late = {"error__type": "java.net.http.HttpTimeoutException", "server__address": "price"}
    cart = export(
        span(_ROOT, "", "GET /cart", 2, start=0, end=310),
        span(_CALL, _ROOT, "GET", 3, start=2, end=302, **late),
        service="cart",
    )
    price = export(
        span(_INNER, _CALL, "GET /price", 2, start=5, end=810),
        span(_SINCE, _INNER, "SELECT", 3, start=9, end=20, db__system="postgresql"),
        service="price",
    )
    body = {"resourceSpans": [cart, price]}
    assert lab.session.post(f"{lab.observer_url}/v1/traces", json=body, timeout=10).json() == {}
    page.goto(f"{lab.observer_url}/traces/{trace_id}?view=messages")
    expect(page.locator("lab-diagnosis")).to_contain_text("cart gave up while price was at work")
    lanes = page.locator("lab-messages .lane-name")
    expect(lanes).to_have_text(["cart", "price", "postgresql"])
    expect(page.locator("lab-messages .picture .message.given-up")).to_have_count(1)
    expect(page.locator("lab-messages .picture .message:is(.lost, .unknown)")).to_have_count(0)
    sides = page.get_by_role("group", name="Whose records").get_by_role("button")
    expect(sides).to_have_text(["All", "cart", "price"])
    sides.nth(1).click()
    expect(page.locator("lab-diagnosis")).to_contain_text("cart got no answer from price")
    expect(lanes).to_have_text(["cart", "price"])
    page.get_by_role("tab", name="Caller and callee").click()
    expect(page.locator("lab-truths .side b")).to_have_text(["cart", "price"])
