"""``manage.py explain`` against a lab's HTTP API on a real socket."""

from __future__ import annotations

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from threading import Thread
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command

from evidence.report import evidence_of
from tests.evidence import build

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import Settings

    from evidence.perspective import Perspective

NAMES = {"orderId": build.ORDER_ID, "requestId": build.REQUEST_ID}


class Observer(BaseHTTPRequestHandler):
    """Answers as the lab does that knows one order: experiment B."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        if url.path == "/api/traces":
            known = any(query.get(field) == name for field, name in NAMES.items())
            self.answer(200, {"traces": [{"traceId": build.TRACE_ID}] if known else []})
        elif url.path == f"/api/traces/{build.TRACE_ID}/evidence":
            story = build.b_socket()
            side = cast("Perspective", query["perspective"])
            self.answer(
                200,
                evidence_of(story.spans, story.logs, trace_id=build.TRACE_ID, perspective=side),
            )
        else:
            self.answer(404, {"error": "not found"})

    def answer(self, status: int, body: Any) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_args: object) -> None:
        """Keep the tests' output quiet."""


@contextmanager
def serving() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Observer)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def running(settings: Settings) -> Iterator[None]:
    """A lab to ask."""
    with serving() as url:
        settings.LAB_OBSERVER_URL = url
        yield


def explain(*arguments: str) -> str:
    out = StringIO()
    call_command("explain", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("name", [build.ORDER_ID, build.REQUEST_ID, build.TRACE_ID])
def test_it_explains_by_any_of_the_three_names(running: None, name: str) -> None:
    text = explain(name)
    assert text.startswith("PENDING: the work is done, and the API was not told\n")
    assert "Certain: The worker has reserved the stock." in text
    assert "14 ms  PENDING   ≠ reserved" in text
    assert "connect_refused" in text


def test_it_looks_from_one_side(running: None) -> None:
    text = explain(build.ORDER_ID, "--perspective", "api")
    assert text.startswith("PENDING: the worker has answered, but no event has come\n")
    assert "Cannot be known: Whether it reserved the stock" in text
    assert "records are hidden from this side." in text


def test_it_prints_json_for_programs_and_the_prompt_to_copy(running: None) -> None:
    assert json.loads(explain(build.ORDER_ID, "--json"))["orderId"] == build.ORDER_ID
    assert explain(build.ORDER_ID, "--prompt").startswith("Explain to a learner")


@pytest.mark.parametrize("name", ["no-such-request", "f" * 32])
def test_an_unknown_name_exits_with_1(running: None, name: str) -> None:
    with pytest.raises(CommandError, match="is on record") as caught:
        explain(name)
    assert caught.value.returncode == 1


def test_without_a_lab_it_exits_with_2(settings: Settings) -> None:
    with serving() as url:
        settings.LAB_OBSERVER_URL = url
    with pytest.raises(CommandError, match="The lab does not answer") as caught:
        explain(build.ORDER_ID)
    assert caught.value.returncode == 2
