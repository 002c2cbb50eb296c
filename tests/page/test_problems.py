"""Each page says what keeps a process of the lab from its work, and no more once it goes on."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from supervision import signalling
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Page, WebSocketRoute

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.timeout(90)]

FAILING = {
    "service": "observer",
    "code": "loop_failing",
    "loop": "telemetry-writer",
    "error": "OperationalError: database is locked",
}


def test_what_does_not_go_on_is_named_until_it_does(page: Page) -> None:
    notice = page.locator("#problems")
    # Other tests send what is refused, which is named for some minutes.
    page.route("**/api/problems", lambda route: route.fulfill(json={"problems": []}))
    routes: list[WebSocketRoute] = []

    def listen(route: WebSocketRoute) -> None:
        route.connect_to_server()
        routes.append(route)

    page.route_web_socket(re.compile("/ws/live"), listen)
    page.reload()
    expect(page.locator("#connection")).to_have_text("Live")
    expect(notice).to_be_empty()
    routes[-1].send(json.dumps({"type": "problems", "problems": [FAILING]}))
    expect(notice).to_have_text(
        "observer: storing telemetry fails (OperationalError: database is locked)."
    )
    routes[-1].send(json.dumps({"type": "problems", "problems": []}))
    expect(notice).to_be_empty()


def test_telemetry_that_was_refused_is_named_with_the_setting_that_lets_it_in(page: Page) -> None:
    refused = {"service": "observer", "code": "otlp_host", "loop": "", "error": "elsewhere:4318"}
    page.route("**/api/problems", lambda route: route.fulfill(json={"problems": [refused]}))
    page.reload()
    notice = page.locator("#problems")
    notice.click()
    expect(page.get_by_role("dialog", name="What is wrong")).to_have_text(notice.inner_text())
    page.set_viewport_size({"width": 390, "height": 844})
    eventually(lambda: page.evaluate("document.documentElement.scrollWidth <= 390"))
    expect(notice).to_have_text(
        "Telemetry sent to the host name elsewhere:4318 was refused: LAB_ALLOWED_HOSTS lets it in."
    )


def test_it_is_said_in_japanese_too(page: Page, lab: LabProcesses) -> None:
    page.route("**/api/problems", lambda route: route.fulfill(json={"problems": [FAILING]}))
    page.get_by_role("button", name="日本語").click()
    expect(page.locator("#problems")).to_have_text(
        "observer：テレメトリの保存に失敗しています（OperationalError: database is locked）。"
    )


def test_a_service_that_was_stopped_from_outside_is_shown_not_to_answer(
    page: Page, lab: LabProcesses
) -> None:
    worker = page.locator("lab-map [data-target=worker]")
    expect(worker).to_contain_text("running")
    pid = lab.pid_of("worker")
    signalling.pause(pid)
    try:
        expect(worker).to_contain_text("not answering", timeout=10_000)
        expect(worker).to_have_attribute("aria-label", "Worker: not answering")
        page.reload()
        expect(worker).to_contain_text("not answering")
    finally:
        signalling.resume(pid)
    expect(worker).to_contain_text("running", timeout=10_000)
