"""What clients of Toxiproxy send, and its server takes, is taken here as it is there."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.ports import free_ports

if TYPE_CHECKING:
    from tests.network.rig import Rig

UPSTREAM = "127.0.0.1:1"


pytestmark = pytest.mark.usefixtures("as_it_was")


def made(link: Rig, path: str, body: Any) -> Any:
    answer = link.call("POST", path, body)
    assert answer.ok, answer.text
    return answer.json()


def test_the_same_address_by_another_name_moves_nothing(link: Rig) -> None:
    (port,) = free_ports(1)
    wanted = {"name": "named", "listen": f"localhost:{port}", "upstream": UPSTREAM}
    made(link, "/proxies", wanted)
    made(link, "/proxies/named/toxics", {"type": "slicer"})
    for listen in (f"localhost:{port}", f"127.0.0.1:{port}"):
        [kept] = made(link, "/populate", [{**wanted, "listen": listen}])["proxies"]
        assert [each["name"] for each in kept["toxics"]] == ["slicer_downstream"]
        assert link.call("PATCH", "/proxies/named", {"listen": listen}).status_code == 200
    assert len(link.call("GET", "/proxies/named/toxics").json()) == 1


def test_populate_lists_what_it_made_before_it_failed(link: Rig) -> None:
    first = {"name": "first", "listen": "127.0.0.1:0", "upstream": UPSTREAM}
    taken = {"name": "second", "listen": f"127.0.0.1:{link.port}", "upstream": UPSTREAM}
    answer = link.call("POST", "/populate", [first, taken])
    body = answer.json()
    assert (answer.status_code, body["status"]) == (500, 500)
    assert "address already in use" in body["error"]
    assert [each["name"] for each in body["proxies"]] == ["first"]
    assert set(link.call("GET", "/proxies").json()) == {"one", "first"}
    assert link.call("POST", "/populate", [{"name": "x"}]).json()["proxies"] is None


def test_noop_is_a_toxic(link: Rig) -> None:
    toxic = made(link, "/proxies/one/toxics", {"type": "noop", "name": "place"})
    assert (toxic["type"], toxic["attributes"]) == ("noop", {})


def test_null_is_as_if_it_were_left_out(link: Rig) -> None:
    body = {"name": "nulls", "listen": None, "upstream": UPSTREAM, "enabled": None}
    assert made(link, "/proxies", body)["enabled"] is True
    assert made(link, "/populate", [{**body, "name": "more"}])["proxies"][0]["enabled"] is True
    toxic: dict[str, Any] = dict.fromkeys(("name", "stream", "toxicity", "ttl_ms"))
    toxic |= {"type": "latency", "attributes": {"latency": 7, "jitter": None}}
    added = made(link, "/proxies/one/toxics", toxic)
    assert added == {
        "name": "latency_downstream",
        "type": "latency",
        "stream": "downstream",
        "toxicity": 1,
        "attributes": {"latency": 7, "jitter": 0},
    }
    changed = made(link, "/proxies/one/toxics/latency_downstream", {"attributes": None})
    assert changed["attributes"]["latency"] == 7


def test_names_may_be_in_either_case(link: Rig) -> None:
    proxy = made(link, "/proxies", {"Name": "Cased", "LISTEN": "127.0.0.1:0", "Upstream": UPSTREAM})
    assert proxy["name"] == "Cased"
    body = {"Type": "latency", "Stream": "UpStream", "Attributes": {"Latency": 3}}
    toxic = made(link, "/proxies/Cased/toxics", body)
    # The stream is shown, and named, as it was given.
    assert (toxic["name"], toxic["stream"]) == ("latency_UpStream", "UpStream")
    assert toxic["attributes"]["latency"] == 3
    assert link.call("GET", "/proxies/Cased/toxics/latency_UpStream").status_code == 200


@pytest.mark.parametrize(
    "upstream", ["one.example", "a:b:c", "one.example:port", f"{'x' * 70}.example:80"]
)
def test_an_upstream_that_is_no_address_is_met_by_who_connects(link: Rig, upstream: str) -> None:
    proxy = made(link, "/proxies", {"name": "odd", "listen": "127.0.0.1:0", "upstream": upstream})
    assert proxy["upstream"] == upstream
    port = int(proxy["listen"].rpartition(":")[2])
    # The reset may come before the caller knows that it is connected.
    with pytest.raises(ConnectionResetError):
        read_from(port)


def read_from(port: int) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as caller:
        return caller.recv(1)


def test_a_call_of_http_1_0_is_answered_and_closed(link: Rig) -> None:
    port = int(link.control.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as caller:
        caller.sendall(b"GET /version HTTP/1.0\r\n\r\n")
        answer = b""
        while more := caller.recv(1_000):
            answer += more
    assert answer.startswith(b"HTTP/1.0 200 ")
    assert b"2.12" in answer
