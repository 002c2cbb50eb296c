"""The lab's own system says once which services and links there are, and every room agrees."""

from __future__ import annotations

import pytest

from base.env import read
from supervision.plan import port_variable
from systems.errors import NoSuchPartError
from systems.file import read as read_file
from systems.orders import (
    API,
    API_TO_WORKER,
    CLIENT_TO_API,
    FILE,
    ORDERS,
    WORKER,
    WORKER_TO_API,
    orders,
)
from systems.system import port_of

ENV = read({"LAB_SECRET": "s", "LAB_PORT_API_TO_WORKER": "5100"})


def test_a_fault_can_be_set_on_every_link_and_service() -> None:
    assert ORDERS.targets == ("client-to-api", "api-to-worker", "worker-to-api", "api", "worker")


def test_a_link_is_named_in_records_by_its_ends() -> None:
    assert [each.boundary for each in ORDERS.links] == ["client->api", "api->worker", "worker->api"]


def test_a_services_links_are_those_that_lead_to_it_and_those_that_it_calls_over() -> None:
    assert [each.name for each in ORDERS.links_to(API)] == [CLIENT_TO_API, WORKER_TO_API]
    assert [each.name for each in ORDERS.links_from(API)] == [API_TO_WORKER]
    assert [each.name for each in ORDERS.links_from(WORKER)] == [WORKER_TO_API]


def test_a_link_leads_from_its_own_port_to_its_receivers() -> None:
    assert {each.name: (each.listen, each.upstream) for each in orders(ENV).links} == {
        CLIENT_TO_API: ("127.0.0.1:4300", "127.0.0.1:4000"),
        API_TO_WORKER: ("127.0.0.1:5100", "127.0.0.1:4001"),
        WORKER_TO_API: ("127.0.0.1:4200", "127.0.0.1:4000"),
    }


def test_the_file_and_the_environment_agree_on_the_ports() -> None:
    as_written, usual = read_file(FILE), orders(read({"LAB_SECRET": "s"}))
    for written, placed in zip(as_written.services, usual.services, strict=True):
        assert port_of(written.url) == port_of(placed.url)
    listening = [port_of(each.listen) for each in as_written.links]
    assert listening == [each.port for each in usual.links]


@pytest.mark.parametrize("name", [*ORDERS.service_names, *ORDERS.link_names])
def test_every_port_of_the_file_is_moved_by_its_variable(name: str) -> None:
    moved = orders(read({"LAB_SECRET": "s", port_variable(name): "5999"}))
    parts = {each.name: port_of(each.url) for each in moved.services}
    parts |= {each.name: each.port for each in moved.links}
    assert [each for each, port in parts.items() if port == 5999] == [name]


def test_what_is_not_there_is_refused_with_what_is() -> None:
    with pytest.raises(NoSuchPartError, match="'moon' is not one of api, worker"):
        ORDERS.service("moon")
    with pytest.raises(NoSuchPartError, match="client-to-api"):
        ORDERS.link("moon")


def test_a_page_is_given_the_services_and_the_ends_of_the_links() -> None:
    described = orders(read({"LAB_SECRET": "s", "LAB_PORT_WORKER": "5999"})).as_json()
    worker = {"name": "worker", "title": "Worker", "port": 5999, "instances": []}
    assert described["services"][1] == worker
    ends = {"from": "worker", "to": "api", "protocol": "http", "attached": False}
    ends_and_state = {**ends, "brokenByOthers": []}
    assert described["links"][2] == {"name": "worker-to-api", **ends_and_state}
