"""Everything that was sent of a span and of a log line can be read on its trace's page."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.page.axe import assert_accessible
from tests.page.odd_traces import MS, OddTrace, attributes_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.long, pytest.mark.timeout(120)]

_STACK = """java.net.http.HttpTimeoutException: request timed out
\tat jdk.internal.net.http.HttpClientImpl.send(HttpClientImpl.java:957)
\tat jdk.internal.net.http.HttpClientFacade.send(HttpClientFacade.java:133)
\tat java.net.http.HttpClient.send(HttpClient.java:1)
\tat shop.checkout.PaymentClient.charge(PaymentClient.java:61)"""


def send(lab: LabProcesses, *traces: OddTrace) -> None:
    for each in traces:
        for signal, body in each.bodies():
            url = f"{lab.observer_url}/v1/{signal}"
            headers = {"Content-Type": "application/json"}
            assert lab.session.post(url, data=body, headers=headers, timeout=10).json() == {}


def link(trace: OddTrace, number: int, **attributes: str) -> dict[str, Any]:
    return {
        "traceId": trace.trace_id,
        "spanId": f"{number:016x}",
        "attributes": attributes_of(attributes),
    }


@pytest.fixture
def traces(lab: LabProcesses) -> tuple[OddTrace, OddTrace]:
    """A call that timed out, and a sweep of later with a link to it."""
    failed, sweep = OddTrace("failed"), OddTrace("sweep")
    failed.add(1, took=50 * MS, span_name="POST /checkout", kind=2)
    event = {
        "name": "exception",
        "timeUnixNano": failed.spans[0][1]["startTimeUnixNano"],
        "attributes": attributes_of(
            {"exception.type": "HttpTimeoutException", "exception.stacktrace": _STACK}
        ),
    }
    failed.add(
        2,
        1,
        at=MS,
        took=40 * MS,
        span_name="charge",
        attributes={"shop.cart.total": "84.20 EUR", "heap.dump": "h" * 1_000_000},
        events=[event],
        links=[link(failed, 1, why="parent of it")],
        status={"code": 2, "message": "gave up"},
    )
    failed.log(
        "payment timed out", at=41 * MS, attributes={"exception.stacktrace": _STACK, "tries": 3}
    )
    sweep.add(1, at=90 * MS, span_name="reconcile.sweep", service="cron", links=[link(failed, 2)])
    send(lab, failed, sweep)
    return failed, sweep


def test_attributes_events_exceptions_resource_and_scope_are_shown(
    page: Page, lab: LabProcesses, traces: tuple[OddTrace, OddTrace]
) -> None:
    page.goto(f"{lab.observer_url}/traces/{traces[0].trace_id}?span={2:016x}")
    details = page.locator("lab-waterfall .details")
    for text in ("shop.cart.total", "84.20 EUR", "gave up", "service.name", "Scope1", "odd"):
        expect(details).to_contain_text(text)
    stack = details.locator(".stack").first
    expect(stack.locator(".head")).to_contain_text("HttpTimeoutException: request timed out")
    expect(stack.locator(".own")).to_contain_text("PaymentClient.charge")
    expect(stack.locator("summary")).to_have_text("3 frames of libraries")
    facts = page.locator("lab-trace .trace-facts")
    for text in ("shop POST /checkout", "50 ms", "1 service", "depth 2", "2 spans", "1 failed"):
        expect(facts).to_contain_text(text)
    assert_accessible(page)


def test_of_a_long_value_the_beginning_comes_and_all_of_it_when_asked_for(
    page: Page, lab: LabProcesses, traces: tuple[OddTrace, OddTrace]
) -> None:
    page.goto(f"{lab.observer_url}/traces/{traces[0].trace_id}?span={2:016x}")
    value = page.locator("lab-waterfall .details dd").filter(has_text="hhhh")
    expect(value).to_contain_text("1,000,000 characters")
    assert len(value.inner_text()) < 1_000
    value.get_by_role("button", name="Show all").press("Enter")
    whole = value.get_by_role("region", name="The whole value")
    expect(whole).to_contain_text("h" * 100_000)
    with page.expect_download() as saved:
        value.get_by_role("button", name="Save").click()
    assert saved.value.path().read_text() == "h" * 1_000_000


def test_links_lead_to_the_very_span_and_back(
    page: Page, lab: LabProcesses, traces: tuple[OddTrace, OddTrace]
) -> None:
    failed, sweep = traces
    page.goto(f"{lab.observer_url}/traces/{sweep.trace_id}")
    page.locator("lab-waterfall .span").first.click()
    page.get_by_role("link", name="charge").click()
    expect(page).to_have_url(re.compile(f"/traces/{failed.trace_id}"))
    opened = page.locator("lab-waterfall .span.open")
    expect(opened).to_contain_text("charge")
    details = page.locator("lab-waterfall .details")
    expect(details).to_contain_text("Linked from1")
    expect(details.get_by_role("link", name="reconcile.sweep")).to_be_visible()
    details.get_by_role("link", name="POST /checkout").click()
    expect(opened).to_contain_text("POST /checkout")
    expect(details).to_contain_text("Linked from1")


def test_all_of_a_log_line_opens_below_it(
    page: Page, lab: LabProcesses, traces: tuple[OddTrace, OddTrace]
) -> None:
    page.goto(f"{lab.observer_url}/traces/{traces[0].trace_id}?view=logs")
    line = page.locator("lab-trace-logs li").filter(has_text="payment timed out")
    opener = line.get_by_role("button", name="All of this line")
    opener.click()
    expect(line.locator(".stack .own")).to_contain_text("PaymentClient.charge")
    for text in ("tries", "service.name", "time_unix_nano"):
        expect(line).to_contain_text(text)
    expect(line).not_to_contain_text("exception.stacktrace")
    opener.click()
    expect(line.locator(".stack")).to_have_count(0)


def test_oddities_lead_to_their_spans(page: Page, lab: LabProcesses) -> None:
    odd = OddTrace("odd", trace_id=uuid.uuid4().hex)
    odd.add(1, 2, took=50 * MS, span_name="hen")
    odd.add(2, 1, took=40 * MS, span_name="egg")
    odd.add(3, 2, at=60 * MS, took=20 * MS, span_name="late chick")
    send(lab, odd)
    page.goto(f"{lab.observer_url}/traces/{odd.trace_id}")
    notes = page.locator("lab-waterfall .notes")
    expect(notes).to_contain_text("the parents lead back to the span itself")
    late = notes.locator("li").filter(has_text="ends after its parent")
    late.get_by_role("button").click()
    expect(page.locator("lab-waterfall .span.open")).to_contain_text("late chick")
