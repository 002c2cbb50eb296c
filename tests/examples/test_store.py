"""A service with PostgreSQL and Redis behind links: what a cut or slow one does to a request."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.examples.example import ExampleLab, copy_of, run_or_skip
from tests.support.ports import free_ports
from tests.support.servers import Servers, programs
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.flow,
    pytest.mark.long,
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform == "win32", reason="its file names .venv/bin"),
    pytest.mark.skipif(None in programs().values(), reason="needs PostgreSQL's and Redis' servers"),
]

TO_ITS_CALLER = (
    "Whether its answer to “POST /items/<int:number>/buy” came to its caller cannot be known from"
    " the side of store."
)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExampleLab]:
    directory = tmp_path_factory.mktemp("store")
    store = copy_of("store", directory)
    # Installed by the lab's pip, without compiling: the same, in less time.
    run_or_skip([sys.executable, "-m", "venv", "--without-pip", ".venv"], store)
    pip = [sys.executable, "-m", "pip", "--python", ".venv/bin/python", "install", "--no-compile"]
    run_or_skip([*pip, "--disable-pip-version-check", "-r", "requirements.txt"], store)
    with Servers() as servers:
        own = dict(zip(("5000", "5433", "6380"), map(str, free_ports(3)), strict=True))
        own |= {"5432": str(servers.postgres_port), "6379": str(servers.redis_port)}
        own |= {"postgres@": "lab@"}
        url = f"postgresql://lab@127.0.0.1:{servers.postgres_port}/postgres"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE store")
        with ExampleLab(store / "system.toml", directory / "lab", own) as started:
            assert started.act("buy")["httpStatus"] == 200
            yield started


@pytest.fixture(autouse=True)
def healed(lab: ExampleLab) -> Iterator[None]:
    yield
    lab.heal_all()
    # The store learns that its connections broke when it uses them, and makes new ones.
    eventually(lambda: lab.act("buy")["httpStatus"] == 200, seconds=20)
    lab.act("read")


def test_its_statements_are_calls_of_the_servers_behind_the_links(lab: ExampleLab) -> None:
    sent = lab.act("buy")["traceId"]
    eventually(lambda: lab.logged(sent) == [("store", "item bought")])
    path = f"/api/traces/{sent}/evidence"
    eventually(lambda: {"client", "store", "postgres"} <= set(lab.get(path)["lanes"]))
    lab.expect_headline(sent, "No error on record")


def connect(lab: ExampleLab) -> None:
    """Let the store have its connection, whatever a test before has broken."""
    eventually(lambda: lab.act("buy")["httpStatus"] == 200)


def test_a_slow_database_is_where_the_time_went(lab: ExampleLab) -> None:
    connect(lab)
    lab.set_fault("store-to-postgres", "slow", ms=1_500)
    sent = lab.act("buy")
    assert sent["httpStatus"] == 200
    assert sent["durationMs"] >= 1_500
    most = "most of it: N ms in which store waited for “UPDATE items” of postgres"
    eventually(lambda: most in lab.explained(sent["traceId"])[-1])
    lab.expect_headline(sent["traceId"], "No error on record")


def test_a_cut_database_fails_the_request_and_the_list_of_faults_tells_that_nothing_arrived(
    lab: ExampleLab,
) -> None:
    connect(lab)
    lab.set_fault("store-to-postgres", "cut")
    sent = lab.act("buy")
    assert (sent["httpStatus"], sent["errorKind"]) == (503, "http_5xx")
    broke = [
        "The connection of store to postgres broke off half-way",
        (
            "The call “UPDATE items” of store to postgres failed after N ms: the connection broke"
            " off (psycopg.OperationalError)."
        ),
    ]
    unknown = (
        "Whether the call “UPDATE items” reached postgres cannot be known from the side of store"
    )
    torn = "a request that was torn off and an answer that was torn off look the same."
    lab.expect(
        sent["traceId"],
        [
            *broke,
            "While it was under way, the fault cut was in force on store → postgres.",
            (
                "By the lab's own list of faults, one that lets no request through was in force on"
                " this link during the whole call: it did not arrive at postgres."
            ),
            f"store could not know this: {torn}",
            (
                "The call “POST /items/1/buy” of client to store failed after N ms: the answer was"
                " 503."
            ),
            "It arrived at store, which answered 503 itself; client did not give up.",
        ],
    )
    lab.expect(
        sent["traceId"],
        [
            *broke,
            f"{unknown}: {torn}",
            "The records of postgres would settle it.",
            "In the end store answered 503 to “POST /items/<int:number>/buy”.",
            TO_ITS_CALLER,
        ],
        "store",
    )
    # No span is made of connecting: of the next request only the log says why.
    sent = lab.act("buy")
    headline = "client called store, and the answer was 503"
    lab.expect_headline(sent["traceId"], headline)
    [line] = eventually(lambda: lab.get(f"/api/traces/{sent['traceId']}")["logs"])
    assert "Connection refused" in line["attributes"]["error"]


def test_a_cut_cache_costs_the_request_nothing_but_time(lab: ExampleLab) -> None:
    lab.set_fault("store-to-redis", "cut")
    sent = lab.act("read")
    assert sent["httpStatus"] == 200
    lab.expect_headline(sent["traceId"], "store did not reach redis")
    certain = "The call did not reach redis: its connection was refused."
    assert certain in lab.explained(sent["traceId"], "store")


def test_a_slow_cache_costs_it_the_time_that_it_waits(lab: ExampleLab) -> None:
    lab.set_fault("store-to-redis", "slow", ms=2_000)
    sent = lab.act("read")
    assert sent["httpStatus"] == 200
    assert sent["durationMs"] >= 500
    lab.expect_headline(sent["traceId"], "store got no answer from redis")
    unknown = (
        "Whether the call “GET” reached redis cannot be known from the side of store: a lost"
        " request, a slow redis and a lost answer look the same."
    )
    assert unknown in lab.explained(sent["traceId"], "store")


def test_what_is_kept_in_the_cache_hides_a_cut_database(lab: ExampleLab) -> None:
    assert lab.act("read")["httpStatus"] == 200
    lab.set_fault("store-to-postgres", "cut")
    sent = lab.act("read")
    assert sent["httpStatus"] == 200
    eventually(lambda: lab.logged(sent["traceId"]) == [("store", "item read from the cache")])
    lab.expect_headline(sent["traceId"], "No error on record")
