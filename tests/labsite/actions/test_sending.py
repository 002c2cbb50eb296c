"""An action is sent by a client with a span of its own, which says what came of it."""

from __future__ import annotations

import http.server
import json
import threading
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from labsite.actions import api
from labsite.actions.sending import send
from systems.system import Action
from telemetry.errors import Unavailable
from telemetry.store.writer import WRITER
from tests.support.ports import free_ports

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADERS = {"content-type": "application/json"}


@contextmanager
def answering(status: int, body: bytes) -> Iterator[tuple[str, list[Any]]]:
    """Serve one answer to every request, and keep the requests."""
    got: list[Any] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers.get("content-length", 0))
            got.append((self.path, dict(self.headers), self.rfile.read(size)))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", got
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def action(url: str, **more: Any) -> Action:
    return Action("buy", "Buy", "POST", f"{url}/orders", HEADERS, '{"a": 1}', **more)


def test_it_is_sent_as_the_file_says_within_its_trace() -> None:
    with answering(201, b'{"requestId": "r-1"}') as (url, got):
        sent = send(action(url))
    [(path, headers, body)] = got
    assert (path, body, headers["content-type"]) == ("/orders", b'{"a": 1}', "application/json")
    assert headers["traceparent"] == f"00-{sent.span.trace_id}-{sent.span.span_id}-01"
    span = sent.span
    assert (span.kind, span.name, span.status_code) == ("CLIENT", "POST", "UNSET")
    assert span.resource.service_name == "client"
    assert span.attributes["http.response.status_code"] == 201
    assert span.attributes["lab.action"] == "buy"


def test_the_requests_id_is_read_out_of_the_answer() -> None:
    with answering(200, b'{"request_id": "r-2"}') as (url, _):
        sent = send(action(url))
    assert sent.request_id == "r-2"
    assert sent.span.attributes["request.id"] == "r-2"
    assert sent.span.attributes["lab.request_id.source"] == "answer"


@pytest.mark.parametrize("body", [b"", b"not json", b"[1]", b'{"requestId": 7}'])
def test_an_answer_without_one_has_none(body: bytes) -> None:
    with answering(200, body) as (url, _):
        sent = send(action(url))
    assert (sent.request_id, sent.error_kind, sent.status) == ("", "", 200)
    assert "request.id" not in sent.span.attributes


def test_a_status_of_failure_is_an_error() -> None:
    with answering(503, b"{}") as (url, _):
        sent = send(action(url))
    assert (sent.error_kind, sent.span.status_code) == ("http_5xx", "ERROR")
    assert sent.as_json()["errorKind"] == "http_5xx"


def test_nobody_there_is_an_error_without_a_status() -> None:
    sent = send(action(f"http://127.0.0.1:{free_ports(1)[0]}"))
    assert (sent.status, sent.error_kind) == (None, "connect_refused")
    assert sent.as_json()["httpStatus"] is None


def test_a_side_that_says_nothing_is_given_up() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        sent = send(action(url), timeout_seconds=0.2)
    assert (sent.status, sent.error_kind) == (None, "read_timeout")


def post(name: str, **body: Any) -> Any:
    client = Client(headers={"host": "localhost"})
    return client.post(f"/api/actions/{name}", json.dumps(body), content_type="application/json")


@pytest.mark.parametrize("count", [0, 11, "1", True])
def test_a_count_has_bounds(count: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "_action", lambda name: action(f"http://{name}"))
    refused = post("buy", count=count)
    assert (refused.status_code, refused.json()["field"]) == (400, "count")


def test_only_an_action_of_the_system_is_sent() -> None:
    assert post("moon").status_code == 404


def test_what_the_browser_sends_is_sent_for_scripts_as_well() -> None:
    assert api._action("place-order").sent_by == "browser"


@pytest.mark.parametrize("full", [False, True])
def test_several_are_sent_and_their_spans_stored_or_not(
    full: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored: list[Any] = []

    def submit(spans: list[Any], _logs: list[Any]) -> Future[list[str]]:
        stored.extend(spans)
        done: Future[list[str]] = Future()
        done.set_exception(Unavailable("full")) if full else done.set_result([])
        return done

    monkeypatch.setattr(WRITER, "submit", submit)
    with answering(200, b"{}") as (url, got):
        monkeypatch.setattr(api, "_action", lambda _name: action(url))
        answer = post("buy", count=3)
    assert len(got) == 3
    sent = answer.json()["sent"]
    assert [each["traceId"] for each in sent] == [each.trace_id for each in stored]
