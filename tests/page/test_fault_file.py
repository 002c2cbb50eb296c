"""A delay as recorded is set from the page: the file is chosen in the row of the fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import FilePayload, expect

from tests.page.bench import open_menu

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.processes import LabProcesses


def file(text: str) -> FilePayload:
    return {"name": "delays.txt", "mimeType": "text/plain", "buffer": text.encode()}


def test_a_file_of_delays_is_drawn_from_and_a_bad_one_is_said_to_be_so(
    page: Page, lab: LabProcesses
) -> None:
    menu = open_menu(page, "api-to-worker")
    chosen = menu.locator("[data-kind=slow]").get_by_label("recorded delays (file)")
    chosen.set_input_files(file("5\nsoon\n"))
    menu.get_by_role("button", name="Slow", exact=True).click()
    expect(menu.locator(".problem")).to_contain_text("samples, line 2: “soon” is no number")
    assert lab.get("/api/faults")["faults"] == []
    chosen.set_input_files(file("# recorded\n5 7, 9"))
    menu.get_by_role("button", name="Slow", exact=True).click()
    expect(menu.locator(".active")).to_contain_text("a delay as recorded: 5.0 to 9.0 ms")
    (fault,) = lab.get("/api/faults")["faults"]
    assert fault["parameters"]["samples"] == [5, 7, 9]
