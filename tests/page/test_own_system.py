"""The page of a system of one's own: its actions, its experiments, and nothing of orders."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.flow.own_system import write_system
from tests.page.bench import open_menu
from tests.page.odd_traces import OddTrace
from tests.support.ports import free_ports
from tests.support.processes import LabProcesses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

pytestmark = [pytest.mark.page, pytest.mark.long, pytest.mark.timeout(180)]

# Somebody else's: nobody here starts it.
BANK = """
[[service]]
name = "bank"
title = "Bank"
url = "http://127.0.0.1:{upstream}"
[[link]]
name = "shop-to-bank"
from = "shop"
to = "bank"
listen = "127.0.0.1:{listen}"
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabProcesses]:
    directory = tmp_path_factory.mktemp("own")
    path, _ = write_system(directory)
    listen, upstream = free_ports(2)
    bank = BANK.format(listen=listen, upstream=upstream)
    path.write_text(path.read_text(encoding="utf-8") + bank, encoding="utf-8")
    with LabProcesses(directory, LAB_SYSTEM=str(path)) as started:
        yield started


def test_its_experiments_stand_on_the_bench_and_are_followed_there(
    tab: Page, lab: LabProcesses
) -> None:
    tab.goto(lab.observer_url)
    expect(tab.locator("#connection")).to_have_text("Live")
    own = tab.locator("lab-experiments .group button")
    expect(own).to_have_count(2)
    own.first.click()
    expect(tab.locator("lab-experiments .word")).to_contain_text("as expected", timeout=60_000)
    tab.locator("lab-experiments .details").click()
    run = tab.locator("lab-experiments lab-run")
    expect(run).to_contain_text("the price was not asked")
    run.locator("button.link").first.click()
    expect(tab.locator("lab-diagnosis .headline")).to_have_text(
        "client called shop, and the answer was 502"
    )
    expect(tab.get_by_role("tab", name="This request")).to_be_visible()
    expect(tab.locator("lab-place, lab-defences, lab-welcome")).to_have_count(0)
    expect(tab.get_by_role("link", name="Lesson")).to_have_count(0)


def test_the_page_of_experiments_has_its_files_and_says_what_is_wrong_with_one(
    tab: Page, lab: LabProcesses
) -> None:
    tab.goto(f"{lab.observer_url}/experiments")
    rows = tab.locator("lab-experiment-list li")
    expect(rows).to_have_count(3)
    odd = tab.locator("li[data-name=odd]")
    expect(odd.locator(".problem")).to_contain_text("line 1")
    expect(odd.get_by_role("button", name="Run")).to_be_disabled()
    tab.locator("li[data-name=mistaken]").get_by_role("button", name="Run").click()
    shown = tab.locator("lab-run")
    expect(shown.locator(".badge").first).to_have_text("not as expected", timeout=60_000)
    expect(tab.locator("lab-matrix")).to_have_count(0)
    shown.locator("button.link").first.click()
    expect(tab.locator("lab-trace, lab-waterfall").first).to_be_visible()
    assert "/traces/" in tab.url


def test_the_menu_of_a_service_that_others_start_says_so_and_leads_to_its_links(
    tab: Page, lab: LabProcesses
) -> None:
    tab.goto(lab.observer_url)
    expect(tab.locator("#connection")).to_have_text("Live")
    menu = open_menu(tab, "bank")
    expect(menu).to_contain_text("Somebody else starts bank")
    expect(menu.locator("button.apply, select:visible")).to_have_count(0)
    expect(menu.get_by_role("button", name="shop → bank")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(menu.get_by_role("heading")).to_have_text("shop → bank")
    menu.get_by_role("button", name="Cut", exact=True).click()
    expect(tab.locator("lab-map .broken [data-target=shop-to-bank]")).to_be_visible()
    tab.keyboard.press("Escape")
    tab.keyboard.press("h")
    expect(tab.locator("lab-map .broken")).to_have_count(0)


def test_whose_past_is_looked_at_stays_and_stands_in_the_address(
    tab: Page, lab: LabProcesses
) -> None:
    tab.goto(lab.observer_url)
    expect(tab.locator("#connection")).to_have_text("Live")
    current = tab.locator("lab-requests tr[aria-current=true]")
    # Its one action, once it is there.
    expect(tab.locator("lab-actions button").first).to_be_visible()
    tab.keyboard.press("o")
    expect(current).to_have_count(1, timeout=20_000)
    expect(tab.locator("lab-waterfall .span").first).to_be_visible()
    rows = tab.locator("lab-requests tbody tr")
    before = rows.count()
    shown = current.get_attribute("data-trace")
    grip, resting = tab.locator("lab-waterfall .time-grip"), re.compile("resting")
    tab.keyboard.press(",")
    expect(grip).not_to_have_class(resting)
    expect(tab).to_have_url(re.compile(rf"/\?trace={shown}&at=\d{{19}}$"))
    tab.keyboard.press("o")
    expect(rows).not_to_have_count(before)
    expect(current).to_have_attribute("data-trace", str(shown))
    tab.reload()
    expect(current).to_have_attribute("data-trace", str(shown))
    expect(grip).not_to_have_class(resting)
    tab.keyboard.press("p")
    expect(current).not_to_have_attribute("data-trace", str(shown))
    expect(grip).to_have_class(resting)
    expect(tab).to_have_url(re.compile(r"/$"))


def test_a_call_without_a_link_is_drawn_as_a_whole_one(tab: Page, lab: LabProcesses) -> None:
    sent = lab.session.post(f"{lab.observer_url}/api/actions/buy", json={}, timeout=20)
    trace_id = sent.json()["sent"][0]["traceId"]
    parent = lab.get(f"/api/traces/{trace_id}")["spans"][0]["spanId"]
    taken = OddTrace("a service that is known from telemetry alone", trace_id=trace_id)
    taken.add(0xFA, int(parent, 16), service="fraud", span_name="POST /check", kind=2)
    for signal, body in taken.bodies():
        headers = {"Content-Type": "application/json"}
        url = f"{lab.observer_url}/v1/{signal}"
        assert lab.session.post(url, data=body, headers=headers, timeout=20).ok
    tab.goto(lab.observer_url)
    expect(tab.locator("lab-map .node.other")).to_have_text("fraud")
    whole = tab.locator("lab-map .wire.whole path:not(.halo)").first
    colour = whole.evaluate("(each) => getComputedStyle(each).stroke")
    expect(tab.locator("lab-map .wire.seen path")).to_have_css("stroke", colour)
