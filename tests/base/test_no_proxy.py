"""Calls between the lab's processes ignore the proxies of the environment."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from opentelemetry.sdk.resources import Resource

from base.client import LabClient, answers
from base.lab import Lab
from boundary import call
from evidence.lookup import find_evidence
from faults.holders.process import ProcessHolder
from faults.holders.switch import SwitchHolder
from faults.holders.toxic import ToxicHolder
from tests.support.ports import free_ports
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator


class EveryPart(BaseHTTPRequestHandler):
    """Responds as each of the lab's processes would, and records the paths."""

    paths: list[str]

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._answer()

    def do_PATCH(self) -> None:
        self.do_POST()

    def do_DELETE(self) -> None:
        self._answer()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write nothing."""

    def _answer(self) -> None:
        self.paths.append(self.path.partition("?")[0])
        body = b"{}" if self.path == "/proxies" else b'{"faults": [], "traces": [{"traceId": "1"}]}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def paths() -> list[str]:
    return []


@pytest.fixture
def url(paths: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A stand-in for every part of the lab, in an environment whose proxies are dead."""
    (port,) = free_ports(1)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    handler = type("Handler", (EveryPart,), {"paths": paths})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_labs_client_calls_directly(url: str) -> None:
    assert LabClient(url).call("GET", "/x")["faults"] == []
    assert answers(f"{url}/readyz")
    assert Lab({"observer_url": url}).faults() == []


def test_a_call_across_a_link_goes_directly(url: str) -> None:
    assert call.post_json(f"{url}/x", {}, timeout_ms=2_000).ok
    assert call.get_json(f"{url}/x", timeout_ms=2_000).ok
    assert call.delete_json(f"{url}/x", timeout_ms=2_000).ok


def test_holders_of_faults_are_called_directly(url: str) -> None:
    assert SwitchHolder({"api": url}, secret="").held() == set()
    assert ProcessHolder(url, secret="").held() == set()
    assert ToxicHolder(url, own=True).held() == set()


def test_an_explanation_is_fetched_directly(url: str) -> None:
    assert find_evidence("a", observer_url=url, perspective="all")["faults"] == []


def test_telemetry_is_sent_directly(url: str, paths: list[str]) -> None:
    from telemetry.instrument.exporting import Exporter
    from telemetry.instrument.open_spans import OpenSpans
    from telemetry.instrument.tracer import Tracers

    assert Exporter(f"{url}/v1/traces", timeout_seconds=2).send(b"{}")
    started = OpenSpans(f"{url}/v1/started", Resource.get_empty(), after_ms=1)
    tracers = Tracers(baggage_keys=(), started=started.started, ended=started.ended)
    with tracers.get_tracer("test").start_as_current_span("long"):
        eventually(lambda: "/v1/started" in paths)
    started.shutdown()
    assert {"/v1/traces", "/v1/started"} == set(paths)
