"""The menu of a link holds a fault to some of its requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.page.bench import open_menu
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.timeout(120)]


def test_a_fault_is_held_to_the_requests_of_the_form(page: Page, lab: LabProcesses) -> None:
    menu = open_menu(page, "api-to-worker")
    menu.get_by_text("Only some requests or connections").click()
    menu.get_by_label("path").fill("/jobs/*")
    menu.get_by_label("only the first").fill("2")
    menu.get_by_role("button", name="Slow", exact=True).click()
    expect(menu.locator(".active .effect")).to_contain_text("Only for /jobs/* ≤ 2.")
    [fault] = eventually(lambda: lab.get("/api/faults")["faults"])
    assert (fault["parameters"]["path"], fault["parameters"]["first"]) == ("/jobs/*", 2)


def test_a_service_has_no_requests_to_choose(page: Page) -> None:
    menu = open_menu(page, "worker")
    expect(menu.get_by_text("Only some requests or connections")).to_be_hidden()
