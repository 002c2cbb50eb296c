"""The orders with their database behind a link: the same file, and the addresses around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from base.env import read
from supervision.plan import port_variable
from systems.current import current
from systems.errors import SystemFileError
from systems.file import read as read_file
from systems.orders import API, API_TO_DATABASE, DATABASE, FILE, POSTGRESQL_FILE, orders
from systems.system import port_of

if TYPE_CHECKING:
    from systems.system import System

URL = "postgresql://me:p%40ss@db.example:6432/orders?sslmode=disable"


def on_postgresql(url: str = URL, **environ: str) -> System:
    return orders(read({"LAB_SECRET": "s", "DATABASE_URL": url, **environ}), POSTGRESQL_FILE)


def test_it_is_the_orders_with_a_node_and_a_link_more() -> None:
    usual, system = read_file(FILE), read_file(POSTGRESQL_FILE)
    assert system.services[:2] == usual.services
    assert (system.links[:3], system.actions) == (usual.links, usual.actions)
    assert system.targets[-4:] == (API_TO_DATABASE, API, "worker", DATABASE)


def test_the_link_leads_to_the_database_and_the_api_calls_the_link() -> None:
    system = on_postgresql()
    link = system.link(API_TO_DATABASE)
    assert (link.listen, link.upstream) == ("127.0.0.1:4500", "db.example:6432")
    assert link.protocol == "tcp"
    assert system.service(DATABASE).url == "tcp://db.example:6432"
    (api,) = system.instances(system.service(API))
    through = "postgresql://me:p%40ss@127.0.0.1:4500/orders?sslmode=disable"
    assert api.env["DATABASE_URL"] == through
    assert api.env["LAB_SERVICE"] == "api"


def test_the_usual_port_is_postgresqls() -> None:
    upstreams = {
        url: on_postgresql(url).link(API_TO_DATABASE).upstream
        for url in ("postgres://localhost/orders", "postgresql://me@[::1]/orders")
    }
    assert list(upstreams.values()) == ["localhost:5432", "[::1]:5432"]


def test_its_ports_are_moved_by_their_variables() -> None:
    system = on_postgresql(**{port_variable(API_TO_DATABASE): "5999", port_variable(API): "5998"})
    assert system.link(API_TO_DATABASE).port == 5999
    assert port_of(system.service(API).url) == 5998
    assert "127.0.0.1:5999" in system.service(API).env["DATABASE_URL"]


@pytest.mark.parametrize("url", ["", "sqlite:///x.sqlite3", "postgresql:///orders"])
def test_without_a_postgresql_to_reach_it_says_what_is_missing(url: str) -> None:
    with pytest.raises(SystemFileError, match=r"orders-postgresql.toml: DATABASE_URL must name"):
        on_postgresql(url)


def test_it_is_what_the_lab_runs_when_it_is_named() -> None:
    environ = {"LAB_SECRET": "s", "DATABASE_URL": URL, "LAB_SYSTEM": str(POSTGRESQL_FILE)}
    assert current(read(environ)).link(API_TO_DATABASE).upstream == "db.example:6432"
