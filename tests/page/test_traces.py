"""Finding and comparing traces in a real browser."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.support.waiting import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.timeout(120)]


@pytest.fixture
def listed(page: Page, lab: LabProcesses) -> Page:
    """The list, with an order that went well and one that did not."""
    lab.place_order()
    lab.set_fault("worker-to-api", "cut")
    placed = lab.place_order().json()
    lab.heal_all()
    eventually(
        lambda: any(
            trace["errorKinds"] == ["connect_refused"]
            for trace in lab.get("/api/traces", orderId=placed["orderId"])["traces"]
        )
    )
    page.goto(f"{lab.observer_url}/traces")
    expect(page.locator("#connection")).to_have_text("Live")
    expect(page.locator("lab-traces tbody tr").first).to_be_visible()
    return page


def test_new_traces_appear_by_themselves(listed: Page, lab: LabProcesses) -> None:
    first = listed.locator("lab-traces tbody a").first
    before = first.get_attribute("data-trace")
    assert before is not None
    lab.place_order()
    expect(first).not_to_have_attribute("data-trace", before)


def test_filters_stand_in_the_url_and_outlive_a_reload(listed: Page) -> None:
    listed.get_by_label("Error kind").select_option("connect_refused")
    expect(listed).to_have_url(re.compile(r"/traces\?errorKind=connect_refused$"))
    rows = listed.locator("lab-traces tbody tr")
    expect(rows.filter(has_not_text="connect_refused")).to_have_count(0)
    listed.reload()
    expect(listed.get_by_label("Error kind")).to_have_value("connect_refused")
    expect(rows.first).to_contain_text("connect_refused")
    expect(rows.filter(has_not_text="connect_refused")).to_have_count(0)
    listed.go_back()


def test_what_is_no_filter_is_said_and_nothing_found_is_no_error(listed: Page) -> None:
    listed.get_by_label("Text").fill("no such text anywhere")
    listed.get_by_role("button", name="Find").click()
    expect(listed.locator("lab-traces")).to_contain_text("No trace matches")
    listed.get_by_role("button", name="Clear").click()
    expect(listed.locator("lab-traces tbody tr").first).to_be_visible()


def test_the_keyboard_goes_through_the_list_and_opens_a_trace(listed: Page) -> None:
    listed.keyboard.press("?")
    expect(listed.get_by_role("dialog")).to_be_visible()
    listed.keyboard.press("Escape")
    listed.keyboard.press("j")
    listed.keyboard.press("j")
    focused = listed.evaluate("document.activeElement.dataset.trace")
    listed.keyboard.press("Enter")
    expect(listed).to_have_url(re.compile(f"/traces/{focused}$"))
    expect(listed.locator("lab-diagnosis .headline")).to_be_visible()


def test_two_traces_are_compared_step_by_step(listed: Page) -> None:
    rows = listed.locator("lab-traces tbody tr")
    rows.filter(has_text="connect_refused").first.get_by_role("checkbox").check()
    rows.filter(has_text="CONFIRMED").first.get_by_role("checkbox").check()
    listed.get_by_role("button", name="Compare the two").click()
    step = listed.locator("lab-compare tr").filter(has_text="callback.send")
    expect(step).to_contain_text("failed otherwise")
    assert Axe().run(listed).violations_count == 0


def test_a_download_is_imported_and_is_the_same(
    listed: Page, lab: LabProcesses, tmp_path: Path
) -> None:
    trace_id = listed.locator("lab-traces tbody a").first.get_attribute("data-trace")
    exported = lab.get(f"/api/traces/{trace_id}", format="otlp")
    path = tmp_path / "trace.json"
    path.write_text(json.dumps(exported), encoding="utf-8")
    before = len(lab.get(f"/api/traces/{trace_id}")["spans"])
    listed.locator("#import").set_input_files(path)
    expect(listed.locator("#imported")).to_contain_text("were imported")
    assert len(lab.get(f"/api/traces/{trace_id}")["spans"]) == before


def exported(page: Page, button: str) -> tuple[str, bytes]:
    """Press a button of the list and return the file that comes: its name and what it holds."""
    with page.expect_download() as coming:
        page.get_by_role("button", name=button).click()
    return coming.value.suggested_filename, coming.value.path().read_bytes()


def test_chosen_traces_are_exported_and_imported_again(
    listed: Page, lab: LabProcesses, tmp_path: Path
) -> None:
    rows = listed.locator("lab-traces tbody tr")
    chosen = []
    for text in ("connect_refused", "CONFIRMED"):
        row = rows.filter(has_text=text).first
        row.get_by_role("checkbox").check()
        chosen.append(row.locator("a").get_attribute("data-trace"))
    expect(listed.locator("lab-traces")).to_contain_text("2 chosen traces:")
    before = {each: lab.get(f"/api/traces/{each}") for each in chosen}
    name, held = exported(listed, "Export OTLP JSON")
    assert re.fullmatch(r"traces-\d{8}T\d{6}Z\.otlp\.json", name)
    spans = [
        span
        for of_resource in json.loads(held)["resourceSpans"]
        for of_scope in of_resource["scopeSpans"]
        for span in of_scope["spans"]
    ]
    assert {span["traceId"] for span in spans} == set(chosen)
    path = tmp_path / name
    path.write_bytes(held)
    listed.locator("#import").set_input_files(path)
    expect(listed.locator("#imported")).to_contain_text("were imported")
    assert {each: lab.get(f"/api/traces/{each}") for each in chosen} == before


def test_without_a_choice_what_the_filters_find_is_exported(listed: Page) -> None:
    listed.get_by_label("Error kind").select_option("connect_refused")
    rows = listed.locator("lab-traces tbody tr")
    expect(rows.filter(has_not_text="connect_refused")).to_have_count(0)
    expect(listed.locator("lab-traces")).to_contain_text("All that the filters find:")
    shown = {row.get_attribute("data-trace") for row in rows.locator("a").all()}
    _, held = exported(listed, "Export Jaeger JSON")
    assert {trace["traceID"] for trace in json.loads(held)["data"]} == shown
    listed.get_by_label("Text").fill("no such text anywhere")
    listed.get_by_role("button", name="Find").click()
    expect(rows).to_have_count(0)
    expect(listed.get_by_role("button", name="Export OTLP JSON")).to_be_disabled()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_the_list(listed: Page, theme: str) -> None:
    listed.get_by_label("Theme").select_option(theme)
    found = Axe().run(listed)
    assert found.violations_count == 0, found.generate_report()


def test_the_list_needs_no_scrolling_sideways(listed: Page) -> None:
    listed.set_viewport_size({"width": 390, "height": 844})
    assert listed.evaluate("document.documentElement.scrollWidth") <= 390
