"""Who may call the links' control API, and what it answers to what no client would send."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest
import requests

from base.http.message import API_HEADERS
from tests.network.rig import Rig, rig

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def link() -> Iterator[Rig]:
    with rig() as made:
        yield made


def call(link: Rig, method: str, path: str, data: Any = None, **headers: str) -> requests.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.request(method, link.control + path, data=data, headers=named, timeout=5)


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        ({"User_Agent": "Mozilla/5.0"}, "User agent not allowed"),
        ({"User_Agent": "Mozilla/5.0", "Host": "evil.example"}, "User agent not allowed"),
        ({"Host": "evil.example"}, "Host not allowed"),
        ({"Host": "localhost.evil.example:8474"}, "Host not allowed"),
        ({"Origin": "http://evil.example"}, "Origin not allowed"),
        ({"Origin": "null"}, "Origin not allowed"),
    ],
)
@pytest.mark.parametrize(("method", "path"), [("GET", "/proxies"), ("POST", "/reset")])
def test_a_stranger_is_refused(
    link: Rig, method: str, path: str, headers: dict[str, str], text: str
) -> None:
    answer = call(link, method, path, **headers)
    assert (answer.status_code, answer.text.strip()) == (403, text)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]:8474"])
def test_a_client_of_this_machine_is_served(link: Rig, host: str) -> None:
    answer = call(link, "GET", "/version", Host=host, Origin="http://localhost:8000")
    assert answer.status_code == 200


def test_a_client_without_a_host_is_served(link: Rig) -> None:
    port = int(link.control.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(b"GET /version HTTP/1.0\r\n\r\n")
        assert b" 200 " in connection.recv(1_000).partition(b"\r\n")[0]


TOXIC = "/proxies/one/toxics"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/proxies", "[" * 100_000),
        ("/populate", "[" * 16_000),
        ("/populate", "[" * 700 + r'"\ud800"' + "]" * 700),
        (TOXIC, '{"type": "latency", "attributes": {"latency": DIGITS}}'),
        (TOXIC, '{"type": "latency", "attributes": {"jitter": NaN}}'),
        (TOXIC, '{"type": "packet_loss", "attributes": {"retransmit": 1e999}}'),
        (TOXIC, '{"type": "latency", "toxicity": DIGITS}'),
        (TOXIC, '{"type": "latency", "ttl_ms": DIGITS}'),
        ("/proxies/one", '{"ttl_ms": DIGITS}'),
    ],
)
@pytest.mark.parametrize("digits", [400, 5_000])
def test_what_is_too_deep_or_too_long_is_a_bad_request(
    link: Rig, path: str, body: str, digits: int
) -> None:
    answer = call(link, "POST", path, body.replace("DIGITS", "9" * digits))
    assert (answer.status_code, answer.json()["status"]) == (400, 400), answer.text


@pytest.mark.parametrize("path", ["/proxies", "/nowhere", "/readyz"])
def test_every_answer_has_the_security_headers(link: Rig, path: str) -> None:
    answer = call(link, "GET", path)
    assert API_HEADERS.items() <= dict(answer.headers).items()
    assert "Server" not in answer.headers
