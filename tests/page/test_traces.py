"""Finding and comparing traces in a real browser."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.page.axe import assert_accessible
from tests.page.records import send
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.timeout(120)]


@pytest.fixture
def listed(tab: Page, lab: LabProcesses) -> Page:
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
    tab.goto(f"{lab.observer_url}/traces")
    expect(tab.locator("#connection")).to_have_text("Live")
    expect(tab.locator("lab-traces tbody tr").first).to_be_visible()
    return tab


def filter_by_kind(page: Page, kind: str) -> None:
    """Choose an error kind among the filters that are folded away."""
    page.get_by_role("button", name="More filters").click()
    page.locator("select[name=errorKind]").select_option(kind)
    page.keyboard.press("Escape")


def find(page: Page, text: str) -> None:
    """Look for a text."""
    page.keyboard.press("/")
    page.keyboard.insert_text(text)


def menu_button(page: Page, name: str) -> Locator:
    """A button of the page's menu, which is opened."""
    menu = page.get_by_role("dialog", name="More", exact=True)
    if not menu.is_visible():
        page.locator("#more-actions").click()
    return menu.get_by_role("button", name=name)


def test_new_traces_appear_by_themselves(listed: Page, lab: LabProcesses) -> None:
    first = listed.locator("lab-traces tbody a").first
    before = first.get_attribute("data-trace")
    assert before is not None
    lab.place_order()
    expect(first).not_to_have_attribute("data-trace", before)


def test_health_checks_of_others_are_left_out_until_they_are_asked_for(
    listed: Page, lab: LabProcesses
) -> None:
    send(lab, "asked", span="GET /healthz")
    send(lab, "after it", span="GET /after")
    names = listed.locator("lab-traces tbody .name")
    expect(names.filter(has_text="GET /after")).to_have_count(1)
    expect(names.filter(has_text="GET /healthz")).to_have_count(0)
    listed.get_by_role("button", name="Show them").click()
    expect(names.filter(has_text="GET /healthz").first).to_be_visible()


def test_a_brushed_part_of_a_histogram_is_a_filter(listed: Page) -> None:
    rows = listed.locator("lab-traces tbody tr")
    expect(rows.nth(1)).to_be_visible()
    for number, names in ((0, ["minMs", "maxMs"]), (1, ["since", "until"])):
        box = listed.locator("lab-distribution svg").nth(number).bounding_box()
        assert box is not None
        middle = box["y"] + box["height"] / 2
        listed.mouse.move(box["x"] + 1, middle)
        listed.mouse.down()
        listed.mouse.move(box["x"] + box["width"] - 1, middle, steps=3)
        listed.mouse.up()
        for name in names:
            expect(listed).to_have_url(re.compile(f"[?&]{name}="))
        expect(rows.first).to_be_visible()


def test_filters_stand_in_the_url_and_outlive_a_reload(listed: Page) -> None:
    filter_by_kind(listed, "connect_refused")
    expect(listed).to_have_url(re.compile(r"/traces\?errorKind=connect_refused$"))
    rows = listed.locator("lab-traces tbody tr")
    expect(rows.filter(has_not_text="connect_refused")).to_have_count(0)
    listed.reload()
    expect(listed.locator("select[name=errorKind]")).to_have_value("connect_refused")
    expect(rows.first).to_contain_text("connect_refused")
    expect(rows.filter(has_not_text="connect_refused")).to_have_count(0)


def test_a_filter_in_force_is_shown_beside_the_text_and_taken_away_there(listed: Page) -> None:
    filter_by_kind(listed, "connect_refused")
    expect(listed.locator(".chip")).to_have_text("Error kindconnect_refused")
    listed.get_by_role("button", name="Remove the filter Error kind").click()
    expect(listed.locator(".chip")).to_have_count(0)
    expect(listed).to_have_url(re.compile(r"/traces$"))


def test_the_filters_take_one_line_at_every_width(listed: Page) -> None:
    for width in (1440, 1280, 390):
        listed.set_viewport_size({"width": width, "height": 844})
        box = listed.locator("main > .actions").bounding_box()
        assert box is not None
        assert box["height"] <= 64
        assert box["x"] + box["width"] <= width
        assert listed.evaluate("document.documentElement.scrollWidth") <= width


def test_a_row_shows_its_trace_beside_the_list_and_opens_it_where_there_is_no_room(
    listed: Page,
) -> None:
    row = listed.locator("lab-traces tbody tr").filter(has_text="connect_refused").first
    opened = row.locator("a").get_attribute("data-trace")
    assert opened
    preview = listed.locator("lab-trace-preview")
    expect(preview).to_be_hidden()
    row.locator(".bar").click()
    expect(row).to_have_attribute("aria-current", "")
    expect(preview.locator(".headline")).to_contain_text("PENDING")
    expect(preview.locator(".facts")).to_contain_text(opened[:16])
    assert_accessible(listed)
    preview.get_by_role("button", name="Close").click()
    expect(preview).to_be_hidden()
    row.locator(".bar").click()
    preview.get_by_role("link", name="Open trace").click()
    expect(listed).to_have_url(re.compile(f"/traces/{opened}$"))
    listed.go_back()
    listed.set_viewport_size({"width": 390, "height": 844})
    row.locator(".took").click()
    expect(listed).to_have_url(re.compile(f"/traces/{opened}$"))


def test_what_is_no_filter_is_said_and_nothing_found_is_no_error(listed: Page) -> None:
    find(listed, "no such text anywhere")
    expect(listed.locator("lab-traces")).to_contain_text("No trace matches")
    listed.get_by_role("button", name="More filters").click()
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
        menu_button(page, button).click()
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
    filter_by_kind(listed, "connect_refused")
    rows = listed.locator("lab-traces tbody tr")
    expect(rows.filter(has_not_text="connect_refused")).to_have_count(0)
    expect(listed.locator("#export")).to_contain_text("All that the filters find:")
    shown = {row.get_attribute("data-trace") for row in rows.locator("a").all()}
    _, held = exported(listed, "Export Jaeger JSON")
    assert {trace["traceID"] for trace in json.loads(held)["data"]} == shown
    listed.keyboard.press("Escape")
    find(listed, "no such text anywhere")
    expect(rows).to_have_count(0)
    expect(menu_button(listed, "Export OTLP JSON")).to_be_disabled()


@pytest.mark.long
def test_axe_finds_nothing_on_the_list_nor_in_its_menus(listed: Page) -> None:
    assert_accessible(listed)
    filter_by_kind(listed, "connect_refused")
    listed.get_by_role("button", name="More filters").click()
    assert_accessible(listed)
    menu_button(listed, "Export OTLP JSON").wait_for()
    assert_accessible(listed)
    listed.set_viewport_size({"width": 390, "height": 844})
    assert_accessible(listed)


def test_why_there_is_no_file_stays_when_the_list_goes_on(listed: Page, lab: LabProcesses) -> None:
    refused = {"error": "these are more than 200 traces"}
    listed.route("**/api/export?*", lambda route: route.fulfill(status=413, json=refused))
    menu_button(listed, "Export OTLP JSON").click()
    expect(listed.get_by_role("alert").filter(has_text="more than 200 traces")).to_be_visible()
    first = listed.locator("lab-traces tbody a").first
    before = first.get_attribute("data-trace")
    assert before is not None
    lab.place_order()
    expect(first).not_to_have_attribute("data-trace", before)
    expect(listed.get_by_role("alert").filter(has_text="more than 200 traces")).to_be_visible()
