"""http_status and duplicate know where a request ends."""

from __future__ import annotations

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
