"""The control API is Toxiproxy's: its routes, its JSON, its statuses, its errors' words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

from tests.support.ports import free_ports

if TYPE_CHECKING:
    from tests.network.rig import Rig

pytestmark = pytest.mark.usefixtures("as_it_was")


def test_a_proxy_is_shown_as_toxiproxy_shows_it(link: Rig) -> None:
    shown = link.call("GET", "/proxies/one").json()
    assert shown["name"] == "one"
    assert shown["enabled"] is True
    assert shown["listen"] == f"127.0.0.1:{link.port}"
    assert shown["toxics"] == []
    assert link.call("GET", "/proxies").json()["one"]["upstream"] == shown["upstream"]


def test_a_proxy_is_made_changed_and_removed(link: Rig) -> None:
    (port,) = free_ports(1)
    body = {"name": "two", "listen": f"127.0.0.1:{port}", "upstream": "127.0.0.1:1"}
    made = link.call("POST", "/proxies", body)
    assert (made.status_code, made.json()["enabled"]) == (201, True)
    assert link.call("POST", "/proxies", body).status_code == 409
    changed = link.call("POST", "/proxies/two", {"upstream": "127.0.0.1:2"})
    assert changed.json()["upstream"] == "127.0.0.1:2"
    assert link.call("PATCH", "/proxies/two", {"enabled": False}).json()["enabled"] is False
    assert link.call("DELETE", "/proxies/two").status_code == 204
    assert link.call("GET", "/proxies/two").status_code == 404


def test_a_toxic_is_made_shown_changed_and_removed(link: Rig) -> None:
    body = {"type": "latency", "attributes": {"latency": 5}}
    made = link.call("POST", "/proxies/one/toxics", body).json()
    assert made == {
        "name": "latency_downstream",
        "type": "latency",
        "stream": "downstream",
        "toxicity": 1,
        "attributes": {"latency": 5, "jitter": 0},
    }
    path = "/proxies/one/toxics/latency_downstream"
    assert link.call("GET", path).json() == made
    assert link.call("GET", "/proxies/one/toxics").json() == [made]
    changed = link.call("POST", path, {"attributes": {"jitter": 2}}).json()
    assert changed["attributes"] == {"latency": 5, "jitter": 2}
    assert link.call("DELETE", path).status_code == 204
    assert link.call("GET", path).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "error"),
    [
        ("GET", "/proxies/nope", None, 404, "proxy not found"),
        ("POST", "/proxies/nope/toxics", {"type": "latency"}, 404, "proxy not found"),
        ("GET", "/proxies/one/toxics/nope", None, 404, "toxic not found"),
        ("DELETE", "/proxies/one/toxics/nope", None, 404, "toxic not found"),
        ("POST", "/proxies/one/toxics", {"type": "nope"}, 400, "invalid toxic type"),
        (
            "POST",
            "/proxies/one/toxics",
            {"type": "latency", "stream": "sideways"},
            400,
            "stream was invalid, can be either upstream or downstream",
        ),
        ("POST", "/proxies", {"listen": "127.0.0.1:0"}, 400, "missing required field: name"),
        ("POST", "/proxies", {"name": "x"}, 400, "missing required field: upstream"),
    ],
)
def test_an_error_has_toxiproxys_status_and_words(
    link: Rig, method: str, path: str, body: object, status: int, error: str
) -> None:
    answer = link.call(method, path, body)
    assert (answer.status_code, answer.json()) == (status, {"error": error, "status": status})


def test_a_toxic_of_the_same_name_is_refused(link: Rig) -> None:
    link.toxic("latency")
    again = link.call("POST", "/proxies/one/toxics", {"type": "latency"})
    assert (again.status_code, again.json()["error"]) == (409, "toxic already exists")


@pytest.mark.parametrize("wrong", [{"latency": "x"}, {"latency": -1}, {"jitter": 1.5}])
def test_a_bad_attribute_changes_nothing(link: Rig, wrong: dict[str, object]) -> None:
    name = link.toxic("latency", latency=5)
    answer = link.call("POST", f"/proxies/one/toxics/{name}", {"attributes": wrong})
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("bad request body")
    shown = link.call("GET", f"/proxies/one/toxics/{name}").json()
    assert shown["attributes"] == {"latency": 5, "jitter": 0}


def test_a_body_that_is_no_json_is_refused(link: Rig) -> None:
    answer = requests.post(f"{link.control}/proxies", data=b"{", timeout=5)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("bad request body")


def test_populate_makes_many_and_leaves_what_is_the_same(link: Rig) -> None:
    a, b = free_ports(2)
    wanted = [
        {"name": "a", "listen": f"127.0.0.1:{a}", "upstream": "127.0.0.1:1", "enabled": True},
        {"name": "b", "listen": f"127.0.0.1:{b}", "upstream": "127.0.0.1:1", "enabled": False},
    ]
    made = link.call("POST", "/populate", wanted)
    assert made.status_code == 201
    assert [each["enabled"] for each in made.json()["proxies"]] == [True, False]
    assert link.call("POST", "/populate", wanted).status_code == 201
    assert set(link.call("GET", "/proxies").json()) == {"one", "a", "b"}


def test_reset_enables_all_and_removes_every_toxic(link: Rig) -> None:
    link.toxic("latency")
    link.call("POST", "/proxies/one", {"enabled": False})
    assert link.call("POST", "/reset").status_code == 204
    shown = link.call("GET", "/proxies/one").json()
    assert (shown["enabled"], shown["toxics"]) == (True, [])


def test_an_address_that_is_taken_is_said_to_be_and_nothing_changes(link: Rig) -> None:
    body = {"name": "x", "listen": f"127.0.0.1:{link.port}", "upstream": "127.0.0.1:1"}
    answer = link.call("POST", "/proxies", body)
    assert answer.status_code == 500
    assert "listen tcp" in answer.json()["error"]
    assert set(link.call("GET", "/proxies").json()) == {"one"}


def test_version_and_metrics_are_there(link: Rig) -> None:
    assert link.call("GET", "/version").json()["version"].startswith("2.")
    with link.connect() as connection:
        connection.sendall(b"ping")
        connection.recv(10)
    text = link.call("GET", "/metrics").text
    assert "toxiproxy_proxy_received_bytes_total" in text
    assert 'proxy="one"' in text


def test_a_browsers_page_may_not_steer(link: Rig) -> None:
    answer = requests.post(
        f"{link.control}/reset", headers={"User-Agent": "Mozilla/5.0 (any)"}, timeout=5
    )
    assert answer.status_code == 403


def test_what_is_not_there_and_what_is_not_allowed(link: Rig) -> None:
    assert link.call("GET", "/nope").status_code == 404
    assert link.call("DELETE", "/version").status_code == 405
