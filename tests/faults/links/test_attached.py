"""A proxy that anybody makes is a link of the system: listed, broken, healed and removed as any."""

from __future__ import annotations

import json
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from faults import signals
from faults.holders.toxic import ToxicHolder
from faults.ledger.ledger import LEDGER
from faults.links import attached
from faults.links.attached import LINKS
from faults.models import LinkEnds, PastFault
from systems.current import SYSTEM
from systems.running import RUNNING
from systems.system import UNKNOWN
from tests.network.rig import rig
from tests.support.ports import free_ports

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.conf import LazySettings

    from tests.network.rig import Rig

pytestmark = pytest.mark.django_db(databases=["telemetry"])


@pytest.fixture(scope="module")
def control() -> Iterator[Rig]:
    """A control API with a proxy that is no link of the system, ``one``."""
    with rig() as made:
        yield made


@pytest.fixture(autouse=True)
def _here(control: Rig, settings: LazySettings) -> Iterator[None]:
    settings.TOXIPROXY_URL = control.control
    yield
    for name in requested(control) - {"one"}:
        control.call("DELETE", f"/proxies/{name}")
    RUNNING.attach([])
    RUNNING.callers = {}


def requested(control: Rig) -> set[str]:
    return set(control.call("GET", "/proxies").json())


def client() -> Client:
    return Client(headers={"host": "localhost"})


def add(**fields: Any) -> Any:
    [port] = free_ports(1)
    body = {
        "name": "shop-to-db",
        "from": "shop",
        "to": "db",
        "listen": port,
        "upstream": "127.0.0.1:5432",
        **fields,
    }
    return client().post("/api/links", json.dumps(body), content_type="application/json")


@contextmanager
def announced() -> Iterator[list[Any]]:
    frames: list[Any] = []

    def receive(frame: Any, **_signal: Any) -> None:
        frames.append(frame)

    signals.links_changed.connect(receive)
    try:
        yield frames
    finally:
        signals.links_changed.disconnect(receive)


def test_a_proxy_of_another_client_is_found_and_announced_once() -> None:
    with announced() as frames:
        LINKS.refresh()
        LINKS.refresh()
    assert frames == [{"type": "system"}]
    link = RUNNING.system.link("one")
    assert (link.sender, link.attached, link.protocol) == (UNKNOWN, True, "tcp")
    assert link.receiver == link.upstream
    assert RUNNING.system.others == (UNKNOWN, link.upstream)


def test_one_that_leads_to_a_service_is_a_link_to_it(control: Rig) -> None:
    body = {"name": "two", "listen": "127.0.0.1:0", "upstream": "localhost:4001"}
    assert control.call("POST", "/proxies", body).ok
    LINKS.refresh()
    link = RUNNING.system.link("two")
    assert (link.receiver, link.protocol) == ("worker", "http")


def test_who_was_seen_to_call_it_is_its_sender(control: Rig) -> None:
    RUNNING.callers = {control.port: "shop"}
    LINKS.refresh()
    assert RUNNING.system.link("one").sender == "shop"


def test_a_link_is_added_listed_broken_and_removed() -> None:
    made = add()
    assert made.status_code == 201
    assert (made.json()["from"], made.json()["to"], made.json()["protocol"]) == (
        "shop",
        "db",
        "tcp",
    )
    assert made.json()["listen"].startswith("127.0.0.1:")
    listed = client().get("/api/links").json()["links"]
    assert [each["name"] for each in listed if each["attached"]] == ["one", "shop-to-db"]
    assert "shop-to-db" in {each["target"] for each in client().get("/api/faults").json()["kinds"]}
    assert client().get("/api/system").json()["others"] == ["?", listed[-2]["to"], "shop", "db"]
    assert client().delete("/api/links/shop-to-db").status_code == 204
    assert not LinkEnds.objects.exists()
    assert client().delete("/api/links/shop-to-db").status_code == 404


def test_its_faults_are_set_recorded_with_its_ends_and_healed(
    control: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LEDGER._holders, "socket", ToxicHolder(control.control, own=True))
    for name in ("process", "switch", "firewall"):
        monkeypatch.delitem(LEDGER._holders, name)
    assert add().status_code == 201
    for kind in ("cut", "slow"):
        body = {"target": "shop-to-db", "kind": kind}
        made = client().post("/api/faults", json.dumps(body), content_type="application/json")
        assert made.status_code == 201, made.content
        assert "calls over shop-to-db" in made.json()["words"]
    shown = control.call("GET", "/proxies/shop-to-db").json()
    assert (shown["enabled"], len(shown["toxics"])) == (False, 1)
    # What somebody else has disabled stays so.
    assert control.call("POST", "/proxies/one", {"enabled": False}).ok
    assert client().delete("/api/faults").status_code == 204
    shown = control.call("GET", "/proxies/shop-to-db").json()
    assert (shown["enabled"], shown["toxics"]) == (True, [])
    assert control.call("GET", "/proxies/one").json()["enabled"] is False
    assert control.call("POST", "/proxies/one", {"enabled": True}).ok
    assert set(PastFault.objects.values_list("boundary", flat=True)) == {"shop->db"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "api-to-worker"}, "name"),
        ({"name": "a/b"}, "name"),
        ({"from": 1}, "from"),
        ({"to": "shop"}, "to"),
        ({"to": "x" * 101}, "to"),
        ({"listen": "here"}, "listen"),
        ({"listen": 70_000}, "listen"),
        ({"upstream": "db"}, "upstream"),
        ({"protocol": "udp"}, "protocol"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_field_is_named(wrong: dict[str, Any], field: str) -> None:
    refused = add(**wrong)
    assert (refused.status_code, refused.json()["field"]) == (400, field)


def test_what_the_control_api_refuses_is_refused(control: Rig) -> None:
    refused = add(listen=control.port)
    assert refused.status_code == 400
    assert "address already in use" in refused.json()["error"]
    assert not LinkEnds.objects.exists()


def test_the_systems_own_links_stay() -> None:
    assert client().delete("/api/links/api-to-worker").status_code == 404


def test_while_nobody_answers_the_links_stay_as_they_were(settings: LazySettings) -> None:
    LINKS.refresh()
    settings.TOXIPROXY_URL = f"http://127.0.0.1:{free_ports(1)[0]}"
    LINKS.refresh()
    assert "one" in RUNNING.system.link_names
    refused = add()
    assert refused.status_code == 400
    assert attached.LINKS is LINKS


def test_what_others_have_done_to_a_link_is_told_from_what_the_lab_has(control: Rig) -> None:
    for name in ("mine", "lab-0"):
        body = {"name": name, "type": "latency", "attributes": {"latency": 1}}
        assert control.call("POST", "/proxies/one/toxics", body).ok
    assert control.call("POST", "/proxies/one", {"enabled": False}).ok
    shown = {each["name"]: each for each in client().get("/api/links").json()["links"]}
    assert shown["one"]["brokenByOthers"] == ["disabled", "latency"]
    system = client().get("/api/system").json()
    assert system["links"][-1]["brokenByOthers"] == ["disabled", "latency"]
    for name in ("mine", "lab-0"):
        assert control.call("DELETE", f"/proxies/one/toxics/{name}").ok
    with announced() as frames:
        assert control.call("POST", "/proxies/one", {"enabled": True}).ok
        LINKS.refresh()
    assert frames == [{"type": "system"}]
    assert not RUNNING.system.broken_by_others


def test_a_cut_of_the_labs_is_none_of_others(control: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LEDGER, "is_active", lambda **_fault: True)
    assert control.call("POST", "/proxies/one", {"enabled": False}).ok
    LINKS.refresh()
    assert not RUNNING.system.broken_by_others
    assert control.call("POST", "/proxies/one", {"enabled": True}).ok


def test_what_a_restart_of_the_links_process_has_taken_is_made_again(
    control: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert add().status_code == 201
    before = RUNNING.system.link("shop-to-db")
    control.call("DELETE", "/proxies/shop-to-db")
    monkeypatch.setattr(attached, "_run_of_links", lambda: "the next run")
    LINKS.refresh()
    assert RUNNING.system.link("shop-to-db") == before
    assert requested(control) == {"one", "shop-to-db"}
    # What somebody removes stays away.
    control.call("DELETE", "/proxies/shop-to-db")
    LINKS.refresh()
    assert RUNNING.system.link_names == (*SYSTEM.link_names, "one")


def test_a_link_that_can_not_be_made_again_is_gone(
    control: Rig, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    made = add().json()
    control.call("DELETE", "/proxies/shop-to-db")
    monkeypatch.setattr(attached, "_run_of_links", lambda: "another run")
    with socket.create_server(("127.0.0.1", int(made["listen"].rpartition(":")[2]))):
        LINKS.refresh()
    assert "shop-to-db" not in RUNNING.system.link_names
    assert "the link shop-to-db could not be made again" in caplog.text


def test_a_server_that_names_no_run_is_not_taken_for_a_restarted_one(
    control: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert add().status_code == 201
    control.call("DELETE", "/proxies/shop-to-db")
    monkeypatch.setattr(attached, "_run_of_links", lambda: "")
    LINKS.refresh()
    assert "shop-to-db" not in RUNNING.system.link_names


def test_of_very_many_proxies_so_many_are_links_and_the_rest_is_said(
    control: Rig, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(attached, "MOST_ATTACHED", 2)
    assert add(name="z-made-by-the-lab").status_code == 201
    for name in ("a", "b"):
        fields = {"name": name, "listen": "127.0.0.1:0", "upstream": "127.0.0.1:1"}
        control.call("POST", "/proxies", {**fields, "enabled": False})
    LINKS.refresh()
    LINKS.refresh()
    found = [each.name for each in RUNNING.system.links if each.attached]
    assert found == ["a", "z-made-by-the-lab"]
    assert {name for name, _what in RUNNING.system.broken_by_others} <= {"a", *SYSTEM.link_names}
    assert [each.getMessage() for each in caplog.records] == [
        "2 proxies are no links: 2 is the most",
    ]
    refused = add(name="another")
    assert refused.status_code == 400
    assert "no more may be" in refused.json()["error"]
