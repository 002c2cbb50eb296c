"""One's own services run in the lab: started, read, called by actions, broken, healed, stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from base.process.listening import is_listened_on
from tests.flow.own_system import write_system
from tests.support.ports import free_ports
from tests.support.processes import LabProcesses
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def test_the_page_is_that_of_a_system_without_orders(lab: OwnSystem) -> None:
    page = lab.session.get(lab.observer_url, timeout=10).text
    assert "lab-requests" in page
    assert "lab-place" not in page
    assert lab.get("/api/orders")["orders"] == []
