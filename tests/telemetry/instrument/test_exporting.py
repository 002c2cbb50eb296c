"""An export is tried again while it may yet be taken, and given up in time."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from telemetry.instrument.exporting import Exporter
from tests.support.ports import free_ports

if TYPE_CHECKING:
    from collections.abc import Iterator

ANSWERS: list[tuple[int, str]] = []
BODIES: list[bytes] = []


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        BODIES.append(self.rfile.read(int(self.headers["Content-Length"])))
        status, retry_after = ANSWERS.pop(0) if len(ANSWERS) > 1 else ANSWERS[0]
        self.send_response(status)
        if retry_after:
            self.send_header("Retry-After", retry_after)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    ANSWERS.clear()
    BODIES.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1/traces"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_may_be_taken_later_is_sent_again(url: str, status: int) -> None:
    ANSWERS.extend([(status, ""), (status, "0"), (200, "")])
    assert Exporter(url, timeout_seconds=5).send(b"{}")
    assert BODIES == [b"{}"] * 3


@pytest.mark.parametrize("status", [400, 413, 500])
def test_what_is_refused_for_good_is_sent_once(url: str, status: int) -> None:
    ANSWERS.append((status, ""))
    assert not Exporter(url, timeout_seconds=5).send(b"{}")
    assert len(BODIES) == 1


def test_a_pause_that_is_asked_for_and_longer_than_the_timeout_is_not_waited(url: str) -> None:
    ANSWERS.append((503, "30"))
    assert not Exporter(url, timeout_seconds=5).send(b"{}")
    assert len(BODIES) == 1


def test_it_is_given_up_when_nobody_answers_in_time() -> None:
    [port] = free_ports(1)
    exporter = Exporter(f"http://127.0.0.1:{port}/v1/traces", timeout_seconds=0.3)
    assert not exporter.send(b"{}")
