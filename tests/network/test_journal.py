"""A link keeps a journal of what each toxic did to which connection, by request."""

from __future__ import annotations

import asyncio
import random
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest
import requests

from network.journal.journal import MOST_OPEN, MOST_RECENT, Journal, Origin, origin_of
from network.journal.sender import MOST_AT_ONCE, Sender
from network.stream.chain import Chain
from telemetry.otlp import from_json
from tests.network.rig import Rig, rig
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telemetry.records import LogRecord

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
HEADERS = {"Traceparent": f"00-{TRACE}-{SPAN}-01", "X-Request-Id": "req-1"}
DELAY_MS = 30


@pytest.fixture(scope="module")
def link() -> Iterator[Rig]:
    with rig("http") as made:
        yield made


@pytest.fixture(autouse=True)
def as_it_was(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "link" in request.fixturenames:
        assert request.getfixturevalue("link").call("POST", "/reset").status_code == 204


def noted(link: Rig, toxic: str) -> list[dict[str, Any]]:
    entries = link.call("GET", "/proxies/one/journal").json()
    return [each for each in entries if each["toxic"] == toxic]


def post(link: Rig) -> int:
    return requests.post(link.url, data=b"x", headers=HEADERS, timeout=5).status_code


def test_a_delay_is_noted_with_the_request_that_it_hit(link: Rig) -> None:
    body = {"name": "late", "type": "latency", "stream": "downstream"}
    assert link.call(
        "POST", "/proxies/one/toxics", {**body, "attributes": {"latency": DELAY_MS}}
    ).ok
    assert post(link) == 200
    entry, reached = noted(link, "late")
    assert (entry["action"], entry["type"], entry["stream"]) == ("delayed", "latency", "downstream")
    assert (entry["trace_id"], entry["span_id"], entry["request_id"]) == (TRACE, SPAN, "req-1")
    assert entry["times"] >= 1
    assert entry["bytes"] > 12
    assert entry["delay_ms"] == pytest.approx(DELAY_MS, abs=1)
    assert 0 < entry["started_ns"] <= entry["ended_ns"]
    # It stands beside when the request was passed on.
    assert (reached["action"], reached["stream"], reached["trace_id"]) == (
        "reached",
        "upstream",
        TRACE,
    )
    assert reached["started_ns"] < entry["started_ns"]


def test_a_request_that_a_toxic_delays_is_noted_when_it_is_passed_on(link: Rig) -> None:
    body = {"name": "held", "type": "latency", "stream": "upstream"}
    assert link.call(
        "POST", "/proxies/one/toxics", {**body, "attributes": {"latency": DELAY_MS}}
    ).ok
    assert post(link) == 200
    delayed, reached = noted(link, "held")
    assert (delayed["action"], reached["action"]) == ("delayed", "reached")
    assert reached["started_ns"] - delayed["started_ns"] == pytest.approx(DELAY_MS * 1e6, abs=9e6)


def test_a_request_that_nothing_is_done_to_is_not_noted(link: Rig) -> None:
    link.toxic("noop", "upstream")
    assert post(link) == 200
    assert noted(link, "noop_upstream") == []


@pytest.mark.parametrize(
    ("kind", "stream", "attributes", "actions"),
    [
        ("http_status", "upstream", {"status": 500}, {"dropped", "answered", "closed"}),
        ("duplicate", "upstream", {}, {"duplicated", "reached"}),
        ("reset_peer", "upstream", {}, {"dropped", "reset"}),
        ("limit_data", "downstream", {"bytes": 5}, {"dropped", "closed", "reached"}),
        ("fail_first", "upstream", {"count": 1}, {"refused"}),
    ],
)
def test_each_toxic_notes_what_it_did(
    link: Rig, kind: str, stream: str, attributes: dict[str, int], actions: set[str]
) -> None:
    name = f"did-{kind}"
    body = {"name": name, "type": kind, "stream": stream, "attributes": attributes}
    assert link.call("POST", "/proxies/one/toxics", body).ok
    try:
        post(link)
    except requests.RequestException:
        assert kind != "duplicate"
    eventually(lambda: {each["action"] for each in noted(link, name)} == actions)


def test_what_is_dropped_is_counted_by_its_bytes() -> None:
    with rig() as link, link.connect() as connection:
        link.toxic("limit_data", "upstream", bytes=4)
        connection.sendall(b"0123456789")
        while connection.recv(100):
            pass
        entries = {each["action"]: each for each in link.call("GET", "/proxies/one/journal").json()}
        assert entries["dropped"]["bytes"] == 6
        # It was no request: there is no trace to put it on.
        assert entries["dropped"]["trace_id"] == ""


def test_metrics_count_chunks_connections_and_actions(link: Rig) -> None:
    link.toxic("latency", "upstream", latency=1)
    assert post(link) == 200
    text = link.call("GET", "/metrics").text
    assert 'lab_link_connections_total{proxy="one"}' in text
    assert 'lab_link_chunks_total{direction="upstream",proxy="one"' in text
    labels = 'proxy="one",toxic="latency",direction="upstream",action="delayed"'
    assert f"lab_toxic_actions_total{{{labels}}}" in text
    assert "\nlab_journal_unsent_total 0\n" in text


def test_the_journal_of_no_proxy_is_not_found(link: Rig) -> None:
    assert link.call("GET", "/proxies/nope/journal").status_code == 404


class Collected:
    """An OTLP endpoint that keeps what it is sent."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        collected = self

        class Collector(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                assert self.path == "/v1/logs"
                collected.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_arguments: object) -> None:
                """Keep quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Collector)
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"

    @property
    def records(self) -> list[LogRecord]:
        found = [from_json.logs(body) for body in self.bodies]
        assert not any(refused for _, refused in found)
        return [record for records, _ in found for record in records]

    def actions(self) -> list[str]:
        return [str(each.attributes["lab.toxic.action"]) for each in self.records]


@pytest.fixture
def collected() -> Iterator[Collected]:
    made = Collected()
    threading.Thread(target=made.server.serve_forever, daemon=True).start()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_entries_are_sent_as_log_records_on_the_trace(collected: Collected) -> None:
    with rig("http", options=("--journal", collected.endpoint)) as link:
        link.toxic("latency", "upstream", latency=DELAY_MS)
        assert post(link) == 200
        eventually(lambda: sorted(collected.actions()) == ["delayed", "reached"])
        # What was sent can still be read here.
        assert noted(link, "latency_upstream")
    for record in collected.records:
        assert (record.trace_id, record.span_id, record.flags) == (TRACE, SPAN, 1)
        assert record.resource.service_name == "network"
        assert record.attributes["request.id"] == "req-1"
    texts = {str(each.body) for each in collected.records}
    assert "one: the request reached the other side" in texts


def test_what_has_no_trace_and_what_is_to_be_found_is_sent_to_nobody(collected: Collected) -> None:
    body = {"name": "hidden", "type": "latency", "stream": "upstream", "journal": False}
    with rig("http", options=("--journal", collected.endpoint)) as link:
        delay = {"attributes": {"latency": 1}}
        assert link.call("POST", "/proxies/one/toxics", {**body, **delay}).ok
        assert post(link) == 200
        link.heal("hidden")
        link.toxic("latency", "upstream", latency=1)
        assert requests.post(link.url, data=b"x", timeout=5).ok
        assert post(link) == 200
        eventually(lambda: len(collected.records) == 2)
        assert len(noted(link, "hidden")) == 2
    assert {each.attributes["lab.toxic"] for each in collected.records} == {"latency_upstream"}
    assert {each.trace_id for each in collected.records} == {TRACE}


async def test_of_too_many_at_once_the_first_are_sent_and_the_others_counted(
    collected: Collected,
) -> None:
    chain = Chain(
        asyncio.get_running_loop(),
        links=lambda _: (),
        deal=lambda *_: random.Random(1),  # noqa: S311 - chance that must repeat is the point
    )
    applied = chain.add({"type": "latency"})
    journal = Journal()
    head = f"GET / HTTP/1.1\r\ntraceparent: 00-{TRACE}-{SPAN}-01\r\n\r\n".encode()
    for number in range(MOST_AT_ONCE + 3):
        journal.note("one", number, applied, "delayed", head=head)
    sender = Sender(journal, collected.endpoint)
    await sender.send()
    assert (len(collected.records), journal.unsent) == (MOST_AT_ONCE, 3)
    await sender.send()
    assert len(collected.bodies) == 1


@pytest.mark.parametrize(
    ("head", "origin"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", Origin()),
        (
            f"GET / HTTP/1.1\r\nTRACEPARENT:00-{TRACE}-{SPAN}-00\r\n\r\n".encode(),
            Origin(TRACE, SPAN, ""),
        ),
        (b"GET / HTTP/1.1\r\ntraceparent: 00-zz-11-00\r\nx-request-id: a b\r\n\r\n", Origin()),
        (b"GET / HTTP/1.1\r\nx-request-id: a-b\r\n\r\n", Origin("", "", "a-b")),
        (b"", Origin()),
    ],
)
def test_a_head_says_which_request_it_was(head: bytes, origin: Origin) -> None:
    assert origin_of(head) == origin


async def test_a_journal_is_bounded() -> None:
    chain = Chain(
        asyncio.get_running_loop(),
        links=lambda _: (),
        deal=lambda *_: random.Random(1),  # noqa: S311 - chance that must repeat is the point
    )
    applied = chain.add({"type": "latency"})
    journal = Journal()
    for number in range(MOST_OPEN + MOST_RECENT + 5):
        journal.note("one", number, applied, "delayed", head=b"")
    assert len(journal.of("one")) == MOST_OPEN + MOST_RECENT
    assert journal.totals.total() == MOST_OPEN + MOST_RECENT + 5
    assert len(journal.take()) == MOST_OPEN
    assert len(journal.of("one")) == MOST_RECENT
