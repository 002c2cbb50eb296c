"""http_status and duplicate know where a request ends."""

from __future__ import annotations

import re

import pytest
import requests

from tests.network.rig import rig
from tests.support.waiting import eventually


@pytest.mark.parametrize(("stream", "arrived"), [("upstream", 0), ("downstream", 1)])
def test_an_error_of_the_network_with_and_without_the_request_arriving(
    stream: str, arrived: int
) -> None:
    with rig("http") as link:
        name = link.toxic("http_status", stream, status=502)
        answer = requests.post(link.url, json={"a": 1}, timeout=5)
        assert answer.status_code == 502
        assert answer.json() == {"error": "Bad Gateway"}
        assert link.upstream.requests == arrived
        link.heal(name)
        assert requests.post(link.url, json={"a": 1}, timeout=5).status_code == 200


def test_a_request_is_delivered_twice_and_answered_once() -> None:
    with rig("http") as link:
        link.toxic("duplicate", "upstream")
        body = {"text": "x" * 5_000}
        answer = requests.post(link.url, json=body, timeout=5)
        assert answer.json() == {"ok": True}
        eventually(lambda: link.upstream.requests == 2)
        first, second = (bytes(each) for each in link.upstream.got)
        assert first == second


PIPELINED = b"".join(
    f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for path in ("/1", "/2", "/jobs", "/4")
)


@pytest.mark.parametrize("delay_ms", [0, 50])
def test_pipelined_requests_are_answered_in_their_order(delay_ms: int) -> None:
    with rig("pipelined") as link, link.connect() as connection:
        body = {"type": "http_status", "stream": "upstream", "match": {"path": "/jobs"}}
        assert link.call("POST", "/proxies/one/toxics", body).ok
        if delay_ms:
            link.toxic("latency", latency=delay_ms)
        connection.sendall(PIPELINED)
        answers = b""
        while more := connection.recv(65_536):
            answers += more
        assert re.findall(rb"HTTP/1.1 (\d+)", answers) == [b"200", b"200", b"503"]
        # What stands behind it has not been passed on.
        assert bytes(link.upstream.got[0]).count(b"GET ") == 2
