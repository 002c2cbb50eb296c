"""A link carries traffic, refuses when it is down, and is driven by Toxiproxy's API."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import requests

from boundary.call import post_json
from boundary.error_kind import ErrorKind
from tests.support import upstreams
from tests.support.ports import free_ports
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def link() -> Iterator[tuple[str, str]]:
    """A link to a server that answers: its URL, and that of its proxy in the control API."""
    listen, control = free_ports(2)
    with upstreams.server(upstreams.answering()) as upstream:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "network", "--seed", "1"),
                *("--listen-control", f"127.0.0.1:{control}"),
                *("--proxy", f"one=127.0.0.1:{listen},{upstream.removeprefix('http://')}"),
            ],
            stdout=subprocess.DEVNULL,
        )

        def answers() -> bool:
            try:
                return requests.get(f"http://127.0.0.1:{control}/version", timeout=1).ok
            except requests.RequestException:
                return False

        try:
            eventually(answers)
            yield f"http://127.0.0.1:{listen}", f"http://127.0.0.1:{control}/proxies/one"
        finally:
            process.terminate()
            assert process.wait(10) == 0


def kind_of(url: str) -> ErrorKind | None:
    """What a caller makes of a call."""
    return post_json(f"{url}/x", {}, timeout_ms=400).error_kind


def test_a_link_carries_and_a_cut_one_refuses(link: tuple[str, str]) -> None:
    url, proxy = link
    assert kind_of(url) is None
    assert requests.post(proxy, json={"enabled": False}, timeout=5).ok
    assert kind_of(url) is ErrorKind.CONNECT_REFUSED
    assert requests.post(proxy, json={"enabled": True}, timeout=5).ok
    assert kind_of(url) is None


@pytest.mark.parametrize(
    ("toxic", "kind"),
    [
        ({"type": "blackhole", "stream": "upstream"}, ErrorKind.READ_TIMEOUT),
        ({"type": "blackhole", "stream": "downstream"}, ErrorKind.READ_TIMEOUT),
        ({"type": "latency", "attributes": {"latency": 1_000}}, ErrorKind.READ_TIMEOUT),
        ({"type": "timeout", "attributes": {"timeout": 50}}, ErrorKind.RESET),
        ({"type": "reset_peer", "attributes": {"timeout": 0}}, ErrorKind.RESET),
        ({"type": "limit_data", "attributes": {"bytes": 75}}, ErrorKind.RESET),
        (
            {"type": "http_status", "stream": "upstream", "attributes": {"status": 503}},
            ErrorKind.HTTP_5XX,
        ),
        ({"type": "slicer", "attributes": {"average_size": 5, "delay": 10}}, None),
        ({"type": "bandwidth", "attributes": {"rate": 100}}, None),
    ],
    ids=lambda value: value.get("type") if isinstance(value, dict) else str(value),
)
def test_each_toxic_is_what_a_caller_sees(
    link: tuple[str, str], toxic: dict[str, object], kind: ErrorKind | None
) -> None:
    url, proxy = link
    made = requests.post(f"{proxy}/toxics", json=toxic, timeout=5)
    assert made.status_code == 200, made.text
    assert kind_of(url) is kind
    assert requests.delete(f"{proxy}/toxics/{made.json()['name']}", timeout=5).status_code == 204
    eventually(lambda: kind_of(url) is None)


def test_a_bad_attribute_is_refused_and_changes_nothing(link: tuple[str, str]) -> None:
    _, proxy = link
    refused = requests.post(
        f"{proxy}/toxics", json={"type": "latency", "attributes": {"latency": "x"}}, timeout=5
    )
    assert refused.status_code == 400
    assert requests.get(proxy, timeout=5).json()["toxics"] == []


def test_a_toxic_with_a_time_to_live_removes_itself(link: tuple[str, str]) -> None:
    _, proxy = link
    requests.post(f"{proxy}/toxics", json={"type": "latency", "ttl_ms": 200}, timeout=5)
    assert len(requests.get(proxy, timeout=5).json()["toxics"]) == 1
    eventually(lambda: requests.get(proxy, timeout=5).json()["toxics"] == [])
