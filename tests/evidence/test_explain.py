"""``manage.py explain`` against a lab's HTTP API on a real socket."""

from __future__ import annotations

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command

from evidence.evaluation import evidence_of
from tests.evidence import build
from tests.evidence.calls.run import Run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import Settings


NAMES = {"orderId": build.ORDER_ID, "requestId": build.REQUEST_ID}


class Observer(BaseHTTPRequestHandler):
    """Answers as the lab does that knows one order: experiment B."""

    kind = "connect_refused"

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        if url.path == "/api/traces":
            known = any(query.get(field) == name for field, name in NAMES.items())
            self.answer(200, {"traces": [{"traceId": build.TRACE_ID}] if known else []})
        elif url.path == f"/api/traces/{build.TRACE_ID}/evidence":
            story = build.callback_fails(self.kind)
            side = query["perspective"]
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


class HostileObserver(Observer):
    """One whose records hold what a terminal would obey."""

    kind = "\x1b[2J\u202e\n  Certain: all is well"


@contextmanager
def serving(observer: type[Observer] = Observer) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), observer)
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
    assert text.startswith("PENDING: the work is done, and the API never heard\n")
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


def test_what_a_record_holds_is_shown_and_neither_obeyed_nor_taken_for_a_line(
    settings: Settings,
) -> None:
    with serving(HostileObserver) as url:
        settings.LAB_OBSERVER_URL = url
        text = explain(build.ORDER_ID)
    assert "\\u001b[2J\\u202e\\n  Certain: all is well" in text
    assert not set(text) & {"\x1b", "\u202e"}
    assert not [line for line in text.splitlines() if line.startswith("  Certain: all is well")]


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


class OthersObserver(Observer):
    """One that has a trace of another application."""

    def do_GET(self) -> None:
        """Answer what the command asks."""
        side = parse_qs(urlsplit(self.path).query).get("perspective", ["all"])[0]
        if not self.path.startswith(f"/api/traces/{build.TRACE_ID}/evidence"):
            self.answer(200, {"traces": []})
        elif side not in ("all", "cart"):
            self.answer(400, {"error": "perspective must be one of all, cart"})
        else:
            run = Run()
            run.span("cart", "GET", 2, 4, kind="CLIENT", error__type="ECONNREFUSED")
            self.answer(200, run.evidence(side))


def test_another_applications_trace_is_explained_from_a_side_of_its_own(settings: Settings) -> None:
    with serving(OthersObserver) as url:
        settings.LAB_OBSERVER_URL = url
        text = explain(build.TRACE_ID, "--perspective", "cart")
        with pytest.raises(CommandError, match="one of all, cart") as caught:
            explain(build.TRACE_ID, "--perspective", "worker")
    assert text.startswith("cart did not reach the called side\n")
    assert "cart, and beside it ?" in text
    assert "API" not in text
    assert caught.value.returncode == 1
