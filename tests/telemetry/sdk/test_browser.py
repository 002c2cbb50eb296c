"""A page in a real browser sends telemetry from an origin of this machine, and from no other."""

from __future__ import annotations

import json
import secrets
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
import requests

from tests.support.browser import chromium
from tests.support.lab.network_changes import unchanged_network
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.timeout(60)]

FETCH = """async ([url, body]) => {
    const headers = {"Content-Type": "application/json", "X-Api-Key": "a key"};
    const options = {method: "POST", body, headers, credentials: "include"};
    return await fetch(url, options).then((answer) => answer.text(), (error) => error.name);
}"""
BEACON = """([url, body]) => navigator.sendBeacon(
    url, new Blob([body], {type: "application/json"}),
)"""


class _Shop(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<p>a shop")

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@contextmanager
def shop_at(address: str) -> Iterator[int]:
    """Serve a page that is not the lab's; yields its port."""
    with ThreadingHTTPServer((address, 0), _Shop) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture
def shop() -> Iterator[str]:
    """The address of a page of this machine."""
    with shop_at("127.0.0.1") as port:
        yield f"http://localhost:{port}"


@pytest.fixture
def foreign_shop() -> Iterator[str]:
    """One by an address that is no name of this machine here, which no browser keeps from it."""
    try:
        with shop_at("127.0.0.2") as port:
            yield f"http://127.0.0.2:{port}"
    except OSError:
        pytest.skip("only Linux has more than one loopback address")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for this file's tests."""
    with chromium() as running:
        yield running


@pytest.fixture
def elsewhere(browser: Browser) -> Iterator[Page]:
    """A page that is not opened yet."""
    with unchanged_network():
        context = browser.new_context()
        yield context.new_page()
        context.close()


def body_with(trace_id: str) -> str:
    """An export of one span."""
    ids = {"traceId": trace_id, "spanId": "b7ad6b7169203331"}
    times = {"startTimeUnixNano": "1", "endTimeUnixNano": "2"}
    spans = [{"name": "click", **ids, **times}]
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]})


def arrived(lab: LabProcesses, trace_id: str) -> bool:
    return requests.get(f"{lab.observer_url}/api/traces/{trace_id}", timeout=5).ok


@pytest.mark.parametrize("script", [FETCH, BEACON], ids=["fetch", "sendBeacon"])
def test_a_page_of_this_machine_sends(
    lab: LabProcesses, elsewhere: Page, shop: str, script: str
) -> None:
    trace_id = secrets.token_hex(16)
    elsewhere.goto(shop)
    url = f"http://localhost:{lab.ports['OTLP']}/v1/traces"
    sent: Any = elsewhere.evaluate(script, [url, body_with(trace_id)])
    assert sent in ("{}", True)
    eventually(lambda: arrived(lab, trace_id))


def test_a_page_of_another_origin_sends_nothing_and_is_counted(
    lab: LabProcesses, elsewhere: Page, foreign_shop: str
) -> None:
    trace_id = secrets.token_hex(16)
    elsewhere.goto(foreign_shop)
    url = f"http://localhost:{lab.ports['OTLP']}/v1/traces"
    assert elsewhere.evaluate(FETCH, [url, body_with(trace_id)]) == "TypeError"
    refused = lab.get("/api/telemetry")["refused"]
    assert foreign_shop in [each["value"] for each in refused]
    assert not arrived(lab, trace_id)
