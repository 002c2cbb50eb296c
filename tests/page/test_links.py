"""The form for links to what runs already: added, drawn, broken on the map, removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests
from playwright.sync_api import expect

from tests.page.bench import break_it
from tests.support.ports import free_ports

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.timeout(120)]


def test_a_link_is_added_by_the_form_broken_on_the_map_and_removed(
    page: Page, lab: LabProcesses
) -> None:
    [port] = free_ports(1)
    page.locator("#more-actions").click()
    form = page.locator("lab-links form")
    for label, value in (
        ("Name", "till-to-worker"),
        ("From", "till"),
        ("To", "worker"),
        ("Listen on", str(port)),
        ("Leads to", f"127.0.0.1:{lab.ports['WORKER']}"),
    ):
        form.get_by_label(label, exact=True).fill(value)
    form.get_by_role("button", name="Add link").click()
    listed = page.locator("lab-links li")
    expect(listed).to_contain_text(f"till → worker · 127.0.0.1:{port}")
    expect(form.get_by_label("Name")).to_have_value("")
    page.keyboard.press("Escape")
    healthz = f"http://127.0.0.1:{port}/healthz"
    assert requests.get(healthz, timeout=5).ok
    break_it(page, "till-to-worker", "Cut")
    with pytest.raises(requests.ConnectionError):
        requests.get(healthz, timeout=5)
    page.keyboard.press("h")
    expect(page.locator("lab-map .broken")).to_have_count(0)
    page.locator("#more-actions").click()
    page.get_by_role("button", name="Remove till-to-worker").click()
    expect(listed).to_have_count(0)
    expect(page.locator("lab-map [data-target=till-to-worker]")).to_have_count(0)


def test_what_another_client_has_broken_is_shown_and_not_offered_to_heal(
    page: Page, lab: LabProcesses
) -> None:
    [port] = free_ports(1)
    proxies = f"{lab.toxiproxy_url}/proxies"
    upstream = f"127.0.0.1:{lab.ports['WORKER']}"
    body = {"name": "wire", "listen": f"127.0.0.1:{port}", "upstream": upstream}
    assert requests.post(proxies, json=body, timeout=5).ok
    try:
        wire = page.locator("lab-map [data-target=wire]")
        expect(wire).to_be_visible()
        toxic = {"type": "latency", "attributes": {"latency": 9}}
        assert requests.post(f"{proxies}/wire/toxics", json=toxic, timeout=5).ok
        place = page.locator("lab-map .place", has=page.locator("[data-target=wire]"))
        expect(place).to_contain_text("Slow")
        expect(wire).to_have_attribute("title", "? → worker: broken by another client of the links")
        expect(place.locator(".heal")).to_be_hidden()
    finally:
        assert requests.delete(f"{proxies}/wire", timeout=5).ok
    expect(wire).to_have_count(0)
