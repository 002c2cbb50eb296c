"""One's own services run in the lab: started, read, called by actions, broken, healed, stopped."""

from __future__ import annotations

import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest
import requests

from base.process.listening import is_listened_on
from tests.flow.own_system import write_system
from tests.network.clients.node_client import install
from tests.support.lab.manage import manage
from tests.support.long import long
from tests.support.ports import free_ports
from tests.support.processes import LabProcesses
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CLIENTS = Path(__file__).resolve().parent.parent / "network" / "clients"

pytestmark = [pytest.mark.flow, pytest.mark.timeout(120)]


class OwnSystem(LabProcesses):
    """The lab with a system of one's own, whose ports are `own`."""

    own: dict[str, int]

    def buy(self) -> dict[str, Any]:
        """Send the action once."""
        answer = self.session.post(f"{self.observer_url}/api/actions/buy", json={}, timeout=20)
        sent: list[dict[str, Any]] = answer.json()["sent"]
        return sent[0]

    def fault(self, target: str, kind: str) -> None:
        """Break a link or a service."""
        body = {"target": target, "kind": kind}
        answer = self.session.post(f"{self.observer_url}/api/faults", json=body, timeout=10)
        assert answer.ok, answer.text

    def lines(self, trace_id: str) -> set[str]:
        """The messages of a trace's log."""
        return {each["msg"] for each in self.get(f"/api/traces/{trace_id}")["logs"]}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnSystem]:
    directory = tmp_path_factory.mktemp("own")
    path, ports = write_system(directory)
    started = OwnSystem(directory, LAB_SYSTEM=str(path))
    started.own = ports
    with started:
        yield started
    # Not only what the lab had started, but what that had started itself.
    assert not [name for name, port in ports.items() if is_listened_on("127.0.0.1", port)]


@pytest.fixture(autouse=True)
def healed(lab: OwnSystem) -> Iterator[None]:
    yield
    lab.heal_all()


def test_what_services_print_is_joined_to_the_request_by_its_answer(lab: OwnSystem) -> None:
    sent = lab.buy()
    assert (sent["httpStatus"], sent["errorKind"]) == (200, None)
    eventually(lambda: lab.lines(sent["traceId"]) == {"shop got /buy", "price got /price"})
    logs = lab.get(f"/api/traces/{sent['traceId']}")["logs"]
    assert {each["service"] for each in logs} == {"shop", "price"}
    assert {each["attributes"]["lab.joined_by"] for each in logs} == {"answer"}


def test_a_cut_between_them_is_a_cut(lab: OwnSystem) -> None:
    lab.fault("shop-to-price", "cut")
    sent = lab.buy()
    assert (sent["httpStatus"], sent["errorKind"]) == (502, "http_5xx")
    eventually(lambda: lab.lines(sent["traceId"]) == {"shop got /buy"})
    texts = [each["msg"] for each in lab.get("/api/logs", service="shop")["logs"]]
    assert any(text.startswith("could not ask for the price") for text in texts)


def test_a_crash_reaches_what_the_service_has_started(lab: OwnSystem) -> None:
    lab.fault("price", "crash")
    eventually(lambda: not is_listened_on("127.0.0.1", lab.own["price"]))
    assert lab.buy()["httpStatus"] == 502
    lab.heal_all()
    assert lab.buy()["httpStatus"] == 200


def test_a_pause_reaches_it_too(lab: OwnSystem) -> None:
    lab.fault("price", "pause")
    assert lab.buy()["httpStatus"] == 502
    lab.heal_all()
    eventually(lambda: lab.buy()["httpStatus"] == 200)


def test_nothing_is_offered_that_needs_the_labs_own_code(lab: OwnSystem) -> None:
    kinds = lab.get("/api/faults")["kinds"]
    assert {each["kind"] for each in kinds if each["target"] == "shop"} == {"crash", "pause"}
    assert all("switch" not in each["levels"] for each in kinds)


def test_a_proxy_of_toxiproxys_client_is_on_the_map_and_can_be_broken(lab: OwnSystem) -> None:
    [port] = free_ports(1)
    body = {
        "name": "wire",
        "listen": f"127.0.0.1:{port}",
        "upstream": f"127.0.0.1:{lab.own['price']}",
    }
    assert requests.post(f"{lab.toxiproxy_url}/proxies", json=body, timeout=5).ok
    assert requests.get(f"http://127.0.0.1:{port}/", timeout=5).ok
    links = {each["name"]: each for each in lab.get("/api/system")["links"]}
    assert (links["wire"]["to"], links["wire"]["attached"]) == ("price", True)
    lab.fault("wire", "cut")
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{port}/", timeout=5)


def attached(lab: OwnSystem, name: str) -> dict[str, Any] | None:
    """The link ``name`` as the page's map has it, which agrees with the list of links."""
    fields = ("to", "attached", "brokenByOthers")
    on_map, listed = (
        [
            {key: each[key] for key in fields}
            for each in lab.get(path)["links"]
            if each["name"] == name
        ]
        for path in ("/api/system", "/api/links")
    )
    assert on_map == listed
    return on_map[0] if on_map else None


def by_python(lab: OwnSystem, name: str, listen: str, upstream: str, _directory: Path) -> str:
    script = [sys.executable, "-W", "ignore", str(CLIENTS / "attach_with_python.py")]
    port = lab.toxiproxy_url.rpartition(":")[2]
    subprocess.run([*script, port, name, listen, upstream], check=True, timeout=30)
    return "latency"


def by_node(lab: OwnSystem, name: str, listen: str, upstream: str, directory: Path) -> str:
    node = install(directory)
    script = [node, str(CLIENTS / "attach_with_node.mjs"), lab.toxiproxy_url]
    subprocess.run([*script, name, listen, upstream, str(directory)], check=True, timeout=30)
    return "disabled"


def by_command(lab: OwnSystem, name: str, listen: str, upstream: str, _directory: Path) -> str:
    found = shutil.which("toxiproxy-cli")
    if found is None:
        pytest.skip("Toxiproxy's own command, toxiproxy-cli, is not installed here")
    command = [found, "-h", lab.toxiproxy_url]
    made = [*command, "create", "-l", listen, "-u", upstream, name]
    subprocess.run(made, check=True, timeout=30)
    subprocess.run([*command, "toggle", name], check=True, timeout=30)
    return "disabled"


@pytest.mark.parametrize("client", [by_python, long(by_node), by_command])
def test_existing_clients_make_and_break_links_of_their_own(
    lab: OwnSystem, client: Callable[..., str], tmp_path: Path
) -> None:
    [port] = free_ports(1)
    name, upstream = client.__name__, f"127.0.0.1:{lab.own['price']}"
    broken = client(lab, name, f"127.0.0.1:{port}", upstream, tmp_path)
    link = {"to": "price", "attached": True}
    assert attached(lab, name) == {**link, "brokenByOthers": [broken]}
    # What others have broken, only they mend.
    lab.heal_all()
    assert attached(lab, name) == {**link, "brokenByOthers": [broken]}
    assert requests.delete(f"{lab.toxiproxy_url}/proxies/{name}", timeout=5).ok
    assert attached(lab, name) is None


def test_a_link_is_added_listed_broken_and_removed_in_a_terminal(lab: OwnSystem) -> None:
    [port] = free_ports(1)
    upstream = f"127.0.0.1:{lab.own['price']}"
    ends = ("--from", "till", "--to", "price", "--listen", str(port), "--upstream", upstream)
    added = manage(lab.environ, "link", "add", "till-to-price", *ends)
    assert added.stdout == f"till-to-price: call 127.0.0.1:{port} instead of {upstream}\n"
    listed = manage(lab.environ, "link", "list").stdout
    assert f"till-to-price  till -> price  127.0.0.1:{port} -> {upstream}  http\n" in listed
    assert "shop-to-price  shop -> price" in listed
    broken = manage(lab.environ, "fault", "set", "till-to-price", "cut")
    assert broken.returncode == 0, broken.stderr
    assert not is_listened_on("127.0.0.1", port)
    lab.heal_all()
    assert is_listened_on("127.0.0.1", port)
    again = manage(lab.environ, "link", "add", "till-to-price", *ends)
    assert (again.returncode, "is taken" in again.stderr) == (1, True)
    assert manage(lab.environ, "link", "remove", "till-to-price").stdout == "removed\n"
    assert not is_listened_on("127.0.0.1", port)
    gone = manage(lab.environ, "link", "remove", "till-to-price")
    assert (gone.returncode, "not found" in gone.stderr) == (1, True)


def test_what_was_in_force_on_an_attached_link_lies_behind_the_trace(lab: OwnSystem) -> None:
    [port] = free_ports(1)
    upstream = f"127.0.0.1:{lab.own['price']}"
    body = {"name": "seen", "from": "till", "to": "price", "listen": port, "upstream": upstream}
    url = f"{lab.observer_url}/api/links"
    assert lab.session.post(url, json=body, timeout=10).status_code == 201
    lab.fault("seen", "cut")
    trace_id, now = secrets.token_hex(16), time.time_ns()
    attributes = {"error.type": "ConnectionError", "server.address": "localhost"}
    span = {
        "traceId": trace_id,
        "spanId": secrets.token_hex(8),
        "name": "GET",
        "kind": 3,
        "startTimeUnixNano": str(now),
        "endTimeUnixNano": str(now + 1_000_000),
        "status": {"code": 2},
        "attributes": [
            *({"key": key, "value": {"stringValue": each}} for key, each in attributes.items()),
            {"key": "server.port", "value": {"intValue": str(port)}},
        ],
    }
    till = {"attributes": [{"key": "service.name", "value": {"stringValue": "till"}}]}
    sent = {"resourceSpans": [{"resource": till, "scopeSpans": [{"spans": [span]}]}]}
    assert lab.session.post(f"{lab.observer_url}/v1/traces", json=sent, timeout=10).ok
    found = lab.get(f"/api/traces/{trace_id}/evidence")
    assert found["lanes"] == ["till", "price"]
    assert [(each["target"], each["kind"]) for each in found["windows"]] == [("till->price", "cut")]
    codes = {each["code"] for each in found["diagnosis"]["sentences"]}
    assert "calls.stopped" in codes
    assert lab.session.delete(f"{url}/seen", timeout=10).status_code == 204


def test_an_attached_link_is_there_again_after_its_process_was_killed(lab: OwnSystem) -> None:
    [port] = free_ports(1)
    upstream = f"127.0.0.1:{lab.own['price']}"
    body = {
        "name": "till-wire",
        "from": "till",
        "to": "price",
        "listen": port,
        "upstream": upstream,
    }
    url = f"{lab.observer_url}/api/links"
    assert lab.session.post(url, json=body, timeout=10).status_code == 201
    lab.fault("till-wire", "slow")
    process = psutil.Process(lab.pid_of("network"))
    process.kill()
    process.wait(10)
    eventually(lambda: is_listened_on("127.0.0.1", port), seconds=20)
    links = {each["name"]: each for each in lab.get("/api/links")["links"]}
    assert (links["till-wire"]["from"], links["till-wire"]["to"]) == ("till", "price")
    # What was in force is so again.
    proxy = f"{lab.toxiproxy_url}/proxies/till-wire"
    eventually(lambda: toxics_at(proxy) == ["latency"], seconds=20)
    assert [each["kind"] for each in lab.get("/api/faults")["faults"]] == ["slow"]
    assert lab.session.delete(f"{url}/till-wire", timeout=10).status_code == 204


def toxics_at(proxy: str) -> list[str]:
    answer = requests.get(f"{proxy}/toxics", timeout=5)
    return [each["type"] for each in answer.json()] if answer.ok else []


def test_the_page_is_that_of_a_system_without_orders(lab: OwnSystem) -> None:
    page = lab.session.get(lab.observer_url, timeout=10).text
    assert "lab-requests" in page
    assert "of-requests" in page
    assert "lab-place" not in page
    assert "Caller and callee" in page
    assert "Two truths" not in page
    assert lab.get("/api/orders")["orders"] == []
