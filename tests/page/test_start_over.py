"""A teacher starts over between two groups: asked twice, and every page begins anew."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.support.lab.manage import manage
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.processes import LabProcesses

SERVICES = ("client", "api", "worker")
pytestmark = [pytest.mark.page, pytest.mark.timeout(90)]


def left_over(lab: LabProcesses) -> list[Any]:
    """List what the lab's services still have; what others have sent stays."""

    def listed(url: str) -> list[Any]:
        # Not sampled: or to ask would leave spans.
        headers = {"traceparent": f"00-{'1' * 32}-{'1' * 16}-00"}
        body: dict[str, list[Any]] = lab.session.get(url, headers=headers, timeout=10).json()
        return body[url.rpartition("/")[2]]

    return [
        *listed(f"{lab.api_url}/orders"),
        *listed(f"{lab.worker_url}/reservations"),
        *(s for s in listed(f"{lab.worker_url}/stock") if s["available"] != s["initial"]),
        *lab.get("/api/faults")["faults"],
        *(each for name in SERVICES for each in lab.get("/api/traces", service=name)["traces"]),
        *(each for name in SERVICES for each in lab.get("/api/logs", service=name)["logs"]),
    ]


def test_the_lab_is_as_in_its_first_minute_and_settings_are_kept(
    page: Page, lab: LabProcesses
) -> None:
    lab.session.patch(
        f"{lab.observer_url}/api/defences", json={"idempotent_jobs": True}, timeout=10
    ).raise_for_status()
    lab.place_order()
    lab.set_fault("worker-to-api", "cut")
    placed = lab.place_order().json()
    page.goto(f"{lab.observer_url}/orders/{placed['orderId']}")
    expect(page.locator("lab-orders tbody tr").first).to_contain_text("PENDING")

    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("button", name="Start over").click()
    page.get_by_role("button", name="Keep").click()
    assert left_over(lab)

    page.get_by_role("button", name="Start over").click()
    page.get_by_role("button", name="Remove all").click()
    expect(page).to_have_url(re.compile(r"^http://[^/]+/$"), timeout=20_000)
    expect(page.locator("lab-orders")).to_contain_text("No order yet")
    page.get_by_role("tab", name="Everything").click()
    expect(page.locator("lab-stream li").filter(has_text=re.compile("api|worker"))).to_have_count(0)
    eventually(lambda: left_over(lab) == [])
    on = {each["name"] for each in lab.get("/api/defences")["defences"] if each["on"]}
    assert on == {"idempotent_jobs"}
    assert lab.place_order().json()["status"] == "CONFIRMED"


def test_it_is_a_command_too(lab: LabProcesses) -> None:
    lab.place_order()
    kept = manage(lab.environ, "start_over", stdin="n\n")
    assert (kept.returncode, "nothing was removed" in kept.stderr) == (1, True)
    done = manage(lab.environ, "start_over", "--yes")
    assert done.returncode == 0, done.stderr
    assert re.search(r"\b\d+ orders, \d+ reservations, \d+ traces, \d+ logs", done.stdout)
    eventually(lambda: left_over(lab) == [])
